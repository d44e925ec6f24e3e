/** Both gateways of an account on one database and one simulated Telegram, with what happens to them one after another. */
import { manualClock } from '../../../kit/testing/manual-clock.ts';
import { plainText } from '../../model/formatted-text.ts';
import type { Paces } from '../../pacing/pacer.ts';
import { createPeerTable } from '../../storage/sqlite/peer-table.ts';
import type { AccountState } from '../../model/account.ts';
import type { MessageContent, NewMessage, StoredMessage } from '../../model/message.ts';
import { startSimulatedGateway, type RunningGateway } from './simulated-gateway.ts';
import { dialogPages, self, SimulatedTelegram, type Fault } from './simulated-telegram.ts';

export type GatewayName = 'text' | 'media';
export const gatewayNames: readonly GatewayName[] = ['text', 'media'];

/** One thing that happens. `pick` counts the accepted messages from the last one back. */
export type Happening =
  | {
      readonly does: 'accept';
      readonly gateway: GatewayName;
      readonly target: string;
      readonly parts: number;
      readonly expiresInS: number;
    }
  | { readonly does: 'cancel' | 'retry'; readonly pick: number }
  | { readonly does: 'pass'; readonly ms: number }
  | {
      readonly does: 'pause' | 'resume' | 'kill' | 'restart' | 'fill_disk' | 'free_disk';
      readonly gateway: GatewayName;
    }
  | { readonly does: 'become'; readonly gateway: GatewayName; readonly phase: AccountState['phase'] }
  | { readonly does: 'break'; readonly fault: Fault; readonly chatId: string | undefined }
  | { readonly does: 'close'; readonly scope: string; readonly ms: number }
  | { readonly does: 'slow_network'; readonly latencyMs: number }
  | { readonly does: 'walk' | 'migrate' };

export interface Accepted {
  readonly id: string;
  readonly gateway: GatewayName;
  /** As the caller named the chat. */
  readonly target: string;
  readonly texts: readonly string[];
  isRetried: boolean;
}

const stepsToCalm = { ms: 5_000, most: 100 };
const longestStepMs = 120_000;

export class Simulation {
  readonly clock = manualClock();
  readonly telegram = new SimulatedTelegram(this.clock);
  readonly accepted: Accepted[] = [];
  readonly paces: Paces;
  readonly #databaseFile: string;
  readonly #accountName: string;
  readonly #gateways = new Map<GatewayName, RunningGateway>();
  #pagesRead = 0;
  #count = 0;

  constructor(databaseFile: string, accountName: string, paces: Paces) {
    this.#databaseFile = databaseFile;
    this.#accountName = accountName;
    this.paces = paces;
  }

  async start(): Promise<void> {
    for (const name of gatewayNames) await this.#start(name);
    createPeerTable(this.gateway('text').db, this.#accountName).save([self], this.clock.now());
  }

  gateway(name: GatewayName): RunningGateway {
    return this.#gateways.get(name)!;
  }

  message({ id, gateway }: Accepted): StoredMessage {
    return this.gateway(gateway).find(id)!;
  }

  /** Everything is over: nothing of it goes on. */
  end(): void {
    for (const gateway of this.#gateways.values()) gateway.kill();
  }

  async happens(happening: Happening): Promise<void> {
    switch (happening.does) {
      case 'accept':
        return this.#accept(happening);
      case 'cancel':
      case 'retry':
        return this.#change(happening.does, happening.pick);
      case 'pass':
        return this.clock.advance(happening.ms);
      case 'pause':
      case 'resume':
        return this.gateway(happening.gateway).dispatcher[happening.does]();
      case 'kill':
        this.gateway(happening.gateway).kill();
        return this.#start(happening.gateway);
      case 'restart':
        return this.#restart(happening.gateway);
      case 'fill_disk':
        return this.gateway(happening.gateway).db.exec('PRAGMA query_only = ON');
      case 'free_disk':
        return this.gateway(happening.gateway).db.exec('PRAGMA query_only = OFF');
      case 'become':
        return this.gateway(happening.gateway).account.become(happening.phase);
      case 'break':
        return this.telegram.breakNext(happening.fault, happening.chatId);
      case 'close':
        return this.telegram.close(happening.scope, happening.ms);
      case 'slow_network':
        this.telegram.latencyMs = happening.latencyMs;
        return;
      case 'walk':
        return this.#walk();
      case 'migrate':
        this.telegram.hasMigrated = true;
    }
  }

  /** Ends every trouble and waits until nothing is left to do. Whether that came to pass. */
  async calmDown(): Promise<boolean> {
    this.telegram.heal();
    while (this.#pagesRead < dialogPages.length) this.#walk();
    if (this.telegram.calmAt - this.clock.now() > longestStepMs) await this.#sleepThrough();
    for (const name of gatewayNames) {
      const { db, account, dispatcher } = this.gateway(name);
      db.exec('PRAGMA query_only = OFF');
      account.become('ready');
      dispatcher.resume();
    }
    for (let step = 0; step < stepsToCalm.most; step++) {
      await this.clock.advance(stepsToCalm.ms);
      if (gatewayNames.every((name) => this.gateway(name).lanes.depth === 0)) return true;
    }
    return false;
  }

  /** Both are down until Telegram asks for nothing any more. */
  async #sleepThrough(): Promise<void> {
    this.end();
    await this.clock.advance(6 * 60 * 60_000);
    for (const name of gatewayNames) await this.#start(name);
  }

  async #start(name: GatewayName): Promise<void> {
    const world = {
      clock: this.clock,
      telegram: this.telegram,
      paces: this.paces,
      databaseFile: this.#databaseFile,
      accountName: this.#accountName,
      isWalkWhole: () => this.#pagesRead >= dialogPages.length,
    };
    this.#gateways.set(name, await startSimulatedGateway(world, name));
  }

  async #restart(name: GatewayName): Promise<void> {
    const { dispatcher, account, kill } = this.gateway(name);
    const stopping = dispatcher.stop();
    await this.clock.advance(3_000);
    await stopping;
    await account.close();
    await dispatcher.idle();
    kill();
    await this.#start(name);
  }

  /** As a request is: what cannot be resolved is refused, all else is put in line where it is known to belong. */
  #accept({ gateway: name, target, parts, expiresInS }: Happening & { does: 'accept' }): void {
    const { resolver, dispatcher } = this.gateway(name);
    const found = resolver.find(target);
    const isRefused =
      found === 'missing' || (!found && !target.startsWith('@') && !resolver.mayBecomeKnown());
    if (isRefused) return;
    const id = `${this.#accountName}-${++this.#count}`;
    const now = this.clock.now();
    const message: NewMessage = {
      id,
      chat: found?.chatId ?? target,
      name: target.startsWith('@') ? target : undefined,
      content: content(name, id, parts),
      randomIds: Array.from({ length: parts }, (_, part) => String(this.#count * 10 + part + 1)),
      idempotencyKey: undefined,
      fingerprint: id,
      acceptedAt: now,
      expiresAt: now + expiresInS * 1000,
    };
    const texts = Array.from({ length: parts }, (_, part) => textOf(name, id, part));
    const record = () => void this.accepted.push({ id, gateway: name, target, texts, isRetried: false });
    dispatcher.accept(message).durable.then(record, () => {}); // One that is killed or has no room accepts nothing.
  }

  #change(does: 'cancel' | 'retry', pick: number): void {
    const accepted = this.accepted.at(-1 - (pick % Math.max(1, this.accepted.length)));
    if (!accepted) return;
    const { dispatcher } = this.gateway(accepted.gateway);
    if (does === 'cancel') return void dispatcher.cancel([accepted.id]).catch(() => {});
    dispatcher.retry([accepted.id], this.clock.now() + 3_600_000).then(
      ({ length }) => {
        if (length > 0) accepted.isRetried = true;
      },
      () => {},
    );
  }

  #walk(): void {
    const page = dialogPages[this.#pagesRead++];
    if (!page) return;
    this.gateway('text').db.exec('PRAGMA query_only = OFF');
    this.gateway('text').peers.save([page], this.clock.now());
    for (const name of gatewayNames) this.gateway(name).dispatcher.peersChanged();
  }
}

function content(gateway: GatewayName, id: string, parts: number): MessageContent {
  const numbers = Array.from({ length: parts }, (_, part) => part);
  if (gateway === 'text') return { texts: numbers.map((part) => plainText(`${id}/${part}/`)), options: {} };
  const file = { sizeBytes: 1, name: 'a.png', mimeType: 'image/png', kind: 'photo' } as const;
  const media = numbers.map((part) => ({ ...file, spooled: `${id}-${part}` }));
  return { media, caption: plainText(`${id}/`), options: {} };
}

/** What Telegram sees of a part: each text is a call of its own, all files are one. */
function textOf(gateway: GatewayName, id: string, part: number): string {
  return gateway === 'text' ? `${id}/${part}/0` : `${id}/${part}`;
}
