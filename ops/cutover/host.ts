/** The machine as a cutover needs it; a test has one of its own that refuses what it does not expect. */
import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { openLink } from '../../apps/gateway/telegram/link.ts';
import { trustServerKey } from '../../apps/gateway/telegram/library/server-key.ts';
import { findHolders } from '../../apps/account/file-holders.ts';
import type { AccountSettings } from '../../apps/account/settings.ts';
import { systemClock, type Clock } from '../../apps/kit/clock.ts';
import { createLogger } from '../../apps/kit/log.ts';
import { measureClock } from '../../apps/monitor/diagnostics/clock-offset.ts';

export interface Host {
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  /** What a command printed. @throws Error with what it said, when it fails or takes too long */
  run(command: string, args: readonly string[]): Promise<string>;
  /** Of a gateway on this machine, with a timeout. @throws Error when there is no answer */
  request(url: string, init?: RequestInit): Promise<{ readonly status: number; readonly body: string }>;
  isListening(port: number): Promise<boolean>;
  /** Ids of the other processes that hold `file` open. */
  holders(file: string): number[];
  /** Speaks with Telegram, without any account. @throws Error when it does not answer */
  askTelegram(settings: AccountSettings): Promise<void>;
  /** Milliseconds that this machine's clock is ahead, by the Date of a web server. @throws Error when it does not answer */
  clockOffsetMs(referenceUrl: string): Promise<number>;
}

const commandMs = 120_000;
const answerMs = 45_000;
const connectMs = 15_000;

export const realHost: Host = {
  clock: systemClock,
  run: (command, args) =>
    new Promise((resolve, reject) => {
      execFile(command, args, { timeout: commandMs }, (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        const why = error.killed ? `not done within ${commandMs / 1000} s` : `exit code ${error.code}`;
        const said = stderr.trim().slice(-1_000);
        reject(new Error(`${command} ${args.join(' ')}: ${said || why}`));
      });
    }),
  request: async (url, init) => {
    const answer = await fetch(url, { signal: AbortSignal.timeout(answerMs), ...init });
    return { status: answer.status, body: await answer.text() };
  },
  isListening: (port) =>
    new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port, timeout: 2_000 });
      const end = (isListening: boolean) => {
        socket.destroy();
        resolve(isListening);
      };
      socket.once('connect', () => end(true));
      socket.once('timeout', () => end(true));
      socket.once('error', () => end(false));
    }),
  holders: (file) => findHolders([file]).holders.map(({ pid }) => pid),
  askTelegram: async ({ apiId, home, wayOut, publicKey }) => {
    if (publicKey !== undefined) trustServerKey(publicKey);
    const { dcId, ...address } = home;
    const log = createLogger('cutover', 'fatal');
    const link = await openLink({ dcId, address, wayOut, apiId, log, connectTimeoutMs: connectMs });
    link.close();
  },
  clockOffsetMs: async (referenceUrl) => {
    const { offsetMs, reason } = await measureClock(systemClock, referenceUrl, []);
    if (offsetMs === null) throw new Error(`${referenceUrl} does not give the time: ${reason}`);
    return offsetMs;
  },
};

/** Asks every half second until the answer is yes. @throws Error after `seconds`, and when aborted */
export async function waitUntil(
  host: Host,
  what: string,
  seconds: number,
  signal: AbortSignal,
  probe: () => Promise<boolean>,
): Promise<void> {
  const deadline = host.clock.now() + seconds * 1000;
  while (!(await probe())) {
    if (host.clock.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await host.clock.sleep(500, signal);
  }
}
