/**
 * npm run verify-account: compares what Telegram answers a real account with what this project believes, with at most 25
 * harmless messages in Saved Messages, and deletes them. Ends at the first wait that Telegram asks for.
 */
import type { Clock } from '../../kit/clock.ts';
import type { Environment } from '../../kit/environment.ts';
import { StartError } from '../../kit/run.ts';
import type { Terminal } from '../terminal.ts';
import { askBeliefs, type Asked } from './ask-beliefs.ts';
import { createBeliefs } from './beliefs.ts';
import { cleanUp } from './clean-up.ts';
import { holdBoth, openSessions, type Held } from './open-sessions.ts';
import { Stopped } from './outcome-of.ts';
import { reportOf } from './report.ts';
import { mostMessages, Sends } from './sends.ts';

export interface VerifyOptions {
  readonly env: Environment;
  readonly terminal: Terminal;
  /** Whether the owner agreed already, by --yes. */
  readonly isAgreed: boolean;
  /** Spaces the sends. */
  readonly clock: Clock;
  /** Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** Told of each belief when it was asked. */
  readonly onProgress: (line: string) => void;
}

/** All agree; something differs; it could not be finished. */
export type ExitCode = 0 | 1 | 2;

/** Asks the owner, then Telegram, and prints the table. @throws StartError, ConfigError before anything is sent */
export async function verifyAccount(options: VerifyOptions): Promise<ExitCode> {
  await using opened = new AsyncDisposableStack();
  const held = holdBoth(options.env, opened);
  await agree(options);
  return await verify(options, held, opened);
}

/** @throws StartError unless the owner agrees */
async function agree({ terminal, isAgreed }: VerifyOptions): Promise<void> {
  terminal.say(
    `This sends at most ${mostMessages} harmless messages to Saved Messages of the account, silently and 3 s apart, one of ` +
      'them a file of 20 MB and one scheduled for tomorrow, compares what Telegram answers with what Vestnik believes, ' +
      'and deletes them. It takes about 2 minutes and the time of the upload, ends at the first wait that Telegram asks ' +
      'for, and can be ended by Ctrl-C.',
  );
  const answer = isAgreed ? 'yes' : await terminal.ask('Go on? (yes or no): ').catch(() => '');
  terminal.close(); // From here on Ctrl-C is the signal.
  if (answer.toLowerCase() !== 'yes') throw new StartError('nothing was sent: it takes yes, or --yes');
}

async function verify(
  { terminal, clock, interrupted, onProgress }: VerifyOptions,
  held: readonly Held[],
  opened: AsyncDisposableStack,
): Promise<ExitCode> {
  const stop = new AbortController();
  const onInterrupt = () => stop.abort(new Stopped('ended by hand'));
  interrupted.addEventListener('abort', onInterrupt, { once: true });
  if (interrupted.aborted) onInterrupt();
  const sends = new Sends(clock, stop.signal);
  const [text, media] = await openSessions(held, sends, opened, ({ reason }) =>
    stop.abort(new Stopped(`Telegram answered ${reason}`)),
  );
  const stage = {
    text: text!,
    media: media!,
    now: () => clock.now(),
    sleep: (ms: number) => clock.sleep(ms, stop.signal),
  };
  const asked = await askBeliefs(createBeliefs(), stage, stop.signal, ({ claim, agrees }) =>
    onProgress(`${agrees}: ${claim}`),
  );
  const left = await cleanUp([stage.text, stage.media], sends);
  if (asked.end && !(asked.end instanceof Stopped)) onProgress(asked.end.stack ?? asked.end.message);
  const notes = [...(asked.end ? [endOf(asked.end)] : []), ...(left === undefined ? [] : [left])];
  const isSandbox = held.some(({ config }) => config.endpoint.realm === 'sandbox');
  terminal.say(`\n${reportOf({ rows: asked.rows, isSandbox, at: Date.now(), notes })}`);
  return exitCodeOf(asked, left === undefined);
}

function endOf(end: Error): string {
  if (end instanceof Stopped) return `It ended before all was asked: ${end.message}.`;
  return `It ended by an error of this program: ${end.name}.`;
}

function exitCodeOf({ rows, end }: Asked, isClean: boolean): ExitCode {
  if (end || !isClean) return 2;
  return rows.some(({ agrees }) => agrees === 'no') ? 1 : 0;
}
