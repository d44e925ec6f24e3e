/**
 * What an idle account costs a process that has many: a process of its own, which measures itself with one account and
 * again with `count` more. Arguments: the folder for data, the sandbox's port, its key file, `count`, seconds to stay
 * idle. Prints one line of JSON.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startAccountAtWork } from '../../apps/gateway/account-at-work.ts';
import { createGatewayMetrics } from '../../apps/gateway/metrics/metrics.ts';
import { readGatewayConfig } from '../../apps/gateway/settings.ts';
import { databaseFile, prepareDataDir } from '../../apps/gateway/storage/data-dir.ts';
import { openDatabase } from '../../apps/gateway/storage/sqlite/database.ts';
import { openAccountStorage } from '../../apps/gateway/storage.ts';
import { trustServerKey } from '../../apps/gateway/telegram/library/server-key.ts';
import { systemClock } from '../../apps/kit/clock.ts';
import { createLogger } from '../../apps/kit/log.ts';
import { createExemplarRegistry } from '../../apps/kit/metrics.ts';
import { Release } from '../../apps/kit/release.ts';
import { steadyClock } from '../../apps/kit/steady-clock.ts';
import { residentMb } from './process-figures.ts';

export interface IdleAccounts {
  readonly accounts: number;
  /** Of one account more, in megabytes. */
  readonly megabytes: number;
  /** Of one account more, in percent of a core. */
  readonly corePercent: number;
}

const [dataDir, port, keyFile, count, idleSeconds] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
];
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const longestStartS = 120;

const log = createLogger('bench', 'error');
const release = new Release();
const nothing = () => {};
const readings = { connected: () => true, signedIn: () => true, accountState: () => 'ready' as const };
const metrics = createGatewayMetrics(createExemplarRegistry(), 'bench', {
  ...readings,
  paused: () => false,
  cacheEntries: () => 0,
  cacheWarmedAt: nothing as () => undefined,
  lastRequestAt: nothing as () => undefined,
  lastSentAt: nothing as () => undefined,
  accountRate: () => 0,
  queueDepth: () => 0,
  queueOldestAgeSeconds: () => 0,
  callbacksPending: () => 0,
  gateSeconds: () => new Map(),
});
prepareDataDir(dataDir);
const db = openDatabase(databaseFile(dataDir), {});
release.push('database', () => db.close());

async function startAccount(name: string) {
  const config = readGatewayConfig(
    {
      TELEGRAM_ACCOUNT: name,
      DATA_DIR: dataDir,
      TELEGRAM_DC: `127.0.0.1:${port}`,
      TELEGRAM_DC_PUBLIC_KEY_FILE: keyFile,
    },
    'send-text',
    0,
  );
  trustServerKey(config.endpoint.publicKey!);
  const clock = steadyClock(systemClock);
  const kept = await openAccountStorage(db, { gateway: 'text', config, log, clock });
  const notices = { onSent: nothing, onSettled: nothing, onHeld: nothing, onTroubled: nothing };
  return startAccountAtWork({ gateway: 'text', config, kept, metrics, log, clock, release, ...notices });
}

/** Starts accounts, and waits until each is connected and knows its dialogs. */
async function start(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const { account, dialogSync } = await startAccount(name);
    const deadline = performance.now() + longestStartS * 1000;
    while (account.state.phase !== 'ready' || !dialogSync.isWhole()) {
      if (performance.now() > deadline) throw new Error(`account ${name} is ${account.state.phase}`);
      await sleep(20);
    }
  }
}

/** What the process holds, and what it takes of a core while nothing happens. */
async function measureIdle() {
  await sleep(2_000);
  collectGarbage();
  const before = process.cpuUsage();
  await sleep(Number(idleSeconds) * 1000);
  const { user, system } = process.cpuUsage(before);
  collectGarbage();
  return {
    megabytes: residentMb(process.pid).now,
    corePercent: (user + system) / 10_000 / Number(idleSeconds),
  };
}

await start(['first']);
const one = await measureIdle();
await start(Array.from({ length: Number(count) }, (_, index) => `account-${index}`));
const many = await measureIdle();
await release.run(log);
console.log(
  JSON.stringify({
    accounts: Number(count),
    megabytes: (many.megabytes - one.megabytes) / Number(count),
    corePercent: (many.corePercent - one.corePercent) / Number(count),
  } satisfies IdleAccounts),
);
