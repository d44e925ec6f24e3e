/** The sessions of both gateways, opened as the gateways open them, while neither gateway runs. */
import { join } from 'node:path';
import { prepareDataDir } from '../../gateway/storage/data-dir.ts';
import { openDatabase } from '../../gateway/storage/sqlite/database.ts';
import { createGateStore } from '../../gateway/storage/sqlite/gate-store.ts';
import { holdLock } from '../../gateway/storage/lock.ts';
import { claimRealm, claimUser } from '../../gateway/storage/sqlite/data-owner.ts';
import { describeGate, type Gate } from '../../gateway/pacing/gates.ts';
import { readGatewayConfig, type GatewayConfig } from '../../gateway/settings.ts';
import { trustServerKey } from '../../gateway/telegram/library/server-key.ts';
import { services, type ServiceName } from '../../gateway/telegram/session-file.ts';
import { systemClock } from '../../kit/clock.ts';
import type { Environment } from '../../kit/environment.ts';
import { createLogger } from '../../kit/log.ts';
import { StartError } from '../../kit/run.ts';
import { GatewaySession } from './gateway-session.ts';
import type { Sends } from './sends.ts';

export interface Held {
  readonly service: ServiceName;
  readonly config: GatewayConfig;
}

/** Holds the locks of both gateways until `opened` is disposed of. @throws StartError while one of them runs; ConfigError */
export function holdBoth(env: Environment, opened: AsyncDisposableStack): Held[] {
  const held = services.map((service) => {
    const config = readGatewayConfig(env, service, 0);
    prepareDataDir(config.DATA_DIR);
    opened.defer(holdLock(join(config.DATA_DIR, `${config.TELEGRAM_ACCOUNT}.${service}.lock`), service));
    return { service, config };
  });
  const [text, media] = held.map(({ config }) => config.endpoint.authKey);
  if (text && media?.equals(text))
    throw new StartError('both gateways have the same session: npm run login makes one for each');
  return held;
}

/** Signs both in. @throws StartError where one cannot be, or a wait that Telegram asked for still runs */
export async function openSessions(
  held: readonly Held[],
  sends: Sends,
  opened: AsyncDisposableStack,
  onGateClosed: (gate: Gate) => void,
): Promise<GatewaySession[]> {
  const sessions = held.map((each) => openSession(each, sends, opened, onGateClosed));
  await Promise.all(sessions.map((session) => session.ready()));
  return sessions;
}

function openSession(
  { service, config }: Held,
  sends: Sends,
  opened: AsyncDisposableStack,
  onGateClosed: (gate: Gate) => void,
): GatewaySession {
  const { endpoint, TELEGRAM_ACCOUNT: account, LOG_LEVEL: level } = config;
  const db = openDatabase(join(config.DATA_DIR, 'vestnik.db'));
  opened.defer(() => db.close());
  claimRealm(db, account, endpoint.realm);
  const gates = createGateStore(db, account, () => false); // Saved Messages are no stranger's.
  const clock = systemClock;
  const gate = gates.closed(clock.now()).find(({ scope }) => scope.startsWith('method:'));
  if (gate) throw new StartError(`${describeGate(gate, clock.now())}: try again after that`);
  if (endpoint.publicKey !== undefined) trustServerKey(endpoint.publicKey);
  const session = new GatewaySession(
    service,
    {
      ...endpoint,
      clock,
      gates,
      onGateClosed,
      probeIntervalMs: config.PROBE_INTERVAL_S * 1000,
      log: createLogger('account', level === 'info' ? 'fatal' : level),
      onSignedIn: (self) => claimUser(db, account, self.chatId),
    },
    sends,
  );
  opened.defer(() => session.close());
  return session;
}
