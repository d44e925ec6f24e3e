/** One gateway in the simulation: everything of the outbox is real, and dies without a word when it is killed. */
import { pino } from 'pino';
import { sleepBy, type Clock } from '../../../kit/clock.ts';
import { Ticker } from '../../../kit/ticker.ts';
import type { ManualClock } from '../../../kit/testing/manual-clock.ts';
import type { Paces } from '../../pacing/pacer.ts';
import { createNameTable } from '../../storage/sqlite/name-table.ts';
import { createPeerTable } from '../../storage/sqlite/peer-table.ts';
import { createResolver, type Resolver } from '../../peers/resolver.ts';
import { isSendMethod } from '../../model/account.ts';
import { sendMethodsOf } from '../../send/kinds.ts';
import { openDatabase, type Database } from '../../storage/sqlite/database.ts';
import { Dispatcher } from '../dispatcher.ts';
import { createGateStore } from '../../storage/sqlite/gate-store.ts';
import { openLedger } from '../../storage/sqlite/ledger.ts';
import { MessageTable } from '../../storage/sqlite/message-table.ts';
import type { StoredMessage } from '../../model/message.ts';
import type { Spool } from '../../media/spool.ts';
import type { Lanes } from '../../storage/ledger.ts';
import { createTurnStore } from '../../storage/sqlite/turn-store.ts';
import { SimulatedAccount } from './simulated-account.ts';
import type { SimulatedTelegram } from './simulated-telegram.ts';
import type { PeerTable } from '../../storage/tables.ts';

export interface GatewayWorld {
  readonly clock: ManualClock;
  readonly telegram: SimulatedTelegram;
  readonly databaseFile: string;
  readonly accountName: string;
  readonly paces: Paces;
  readonly isWalkWhole: () => boolean;
}

/** The parts of a gateway that runs. */
export interface RunningGateway {
  readonly db: Database;
  readonly lanes: Lanes;
  /** A message as it is on disk. */
  readonly find: (id: string) => StoredMessage | undefined;
  readonly peers: PeerTable;
  readonly resolver: Resolver;
  readonly account: SimulatedAccount;
  readonly dispatcher: Dispatcher;
  /** Ends it at once: what is not committed is gone, and nothing of it goes on. */
  kill(): void;
}

const spool: Pick<Spool, 'path' | 'remove'> = { path: (name) => name, remove: () => Promise.resolve() };

/** Starts the gateway `text` or `media` on what the database holds. */
export async function startSimulatedGateway(
  world: GatewayWorld,
  gateway: 'text' | 'media',
): Promise<RunningGateway> {
  const { telegram, databaseFile, accountName, paces } = world;
  const life = mortal(world.clock);
  const clock = life.clock;
  const db = openDatabase(databaseFile, { isKept: false, clock }); // It is processes that die here, not the machine.
  const turns = createTurnStore(db, accountName, paces);
  const { ledger, messageAdmin, lanes } = openLedger(db, { gateway, turns, account: accountName });
  const gates = createGateStore(db, accountName);
  const peers = createPeerTable(db, accountName);
  await ledger.recover();
  const account = new SimulatedAccount({
    telegram,
    clock,
    gates,
    onGateClosed: (gate, { method }) => {
      if (isSendMethod(method) && gate.scope.startsWith('method:')) turns.slowDown(clock.now(), gate.until);
    },
  });
  const names = createNameTable(db, accountName, { perMinute: 3, perDay: 50 });
  const mayBecomeKnown = () => !world.isWalkWhole();
  const nameMaxAgeMs = 86_400_000;
  const resolver = createResolver({ account, peers, names, gates, clock, nameMaxAgeMs, mayBecomeKnown });
  const log = pino({ level: 'silent' });
  const dispatcher = new Dispatcher({
    ledger,
    messageAdmin,
    lanes,
    account,
    resolver,
    gates,
    turns,
    clock,
    spool: spool as Spool,
    log,
    ticker: new Ticker(clock, log),
    methods: sendMethodsOf(gateway).all,
    concurrency: 4,
    random: () => 0.5,
    onSent: () => {},
    onSettled: () => {},
    onTroubled: () => {},
    onHeld: () => {},
  });
  const kill = () => {
    life.end();
    account.become('closed');
    db.close();
  };
  const table = new MessageTable(db, { gateway, account: accountName });
  const find = (id: string) => table.find(id);
  return { db, lanes, find, peers, resolver, account, dispatcher, kill };
}

/** A clock whose sleepers never wake once it has ended. */
function mortal(clock: Clock): { readonly clock: Clock; end(): void } {
  let hasEnded = false;
  const after: Clock['after'] = (ms, callBack) => clock.after(ms, () => hasEnded || callBack());
  return {
    clock: { now: () => clock.now(), uptime: () => clock.uptime(), after, sleep: sleepBy(after) },
    end: () => void (hasEnded = true),
  };
}
