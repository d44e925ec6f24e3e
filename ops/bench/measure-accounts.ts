/** What an idle account costs a process that has many of them: memory and processor time. */
import { join } from 'node:path';
import type { IdleAccounts } from './idle-accounts.ts';
import { runScript, startProcess, type Running } from './processes.ts';

/** What an account may cost while it is idle. */
const most = { megabytes: 0.3, corePercent: 0.02 };
/** So long that an account's probes of Telegram (PROBE_INTERVAL_S) are in it. */
const idleSeconds = 70;

export interface MeasureAccountsOptions {
  readonly folder: string;
  readonly accounts: number;
  readonly running: Running[];
}

export async function measureAccounts({ folder, accounts, running }: MeasureAccountsOptions) {
  const sandbox = await startProcess('apps/sandbox/main.ts', {
    DATA_DIR: folder,
    SANDBOX_PORT: '0',
    SANDBOX_HTTP_PORT: '0',
  });
  running.push(sandbox);
  const keyFile = join(folder, 'sandbox/public-key.pem');
  return runScript<IdleAccounts>('ops/bench/idle-accounts.ts', [
    ...[join(folder, 'accounts'), String(sandbox.listening.port), keyFile],
    ...[String(accounts), String(idleSeconds)],
  ]);
}

/** Prints them beside what is allowed, and answers with what is above that. */
export function printAccounts({ accounts, megabytes, corePercent }: IdleAccounts): string[] {
  console.table({
    [`MB an idle account, of ${accounts}`]: { is: megabytes.toFixed(3), 'at most': most.megabytes },
    '% of a core': { is: corePercent.toFixed(4), 'at most': most.corePercent },
  });
  return [
    ...(megabytes > most.megabytes ? [`an idle account takes ${megabytes.toFixed(2)} MB`] : []),
    ...(corePercent > most.corePercent
      ? [`an idle account takes ${corePercent.toFixed(3)} % of a core`]
      : []),
  ];
}
