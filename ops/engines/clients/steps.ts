/**
 * The steps that every foreign client takes in the sandbox, and the lines that it reports them by: JSON, one a line, on
 * its stdout. A client that asks for a restart of the sandbox waits for a line on its stdin.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** In the order that they are taken in. A client leaves out those that its library cannot do. */
export const STEPS = [
  'sign in by code',
  'sign in by password',
  'sign in by QR code',
  'sign in at another data centre',
  'chats',
  'history',
  'text',
  'photo',
  'document of 12 MB',
  'album',
  'edit',
  'reply',
  'delete',
  'schedule',
  'forward',
  'pin',
  'reaction',
  'members',
  'updates',
  'call cut before it arrives',
  'call cut before its answer',
  'restart of the sandbox',
  'log out',
] as const;
export type Step = (typeof STEPS)[number];

/** One line of a client: `{"step":"text","ok":true,"detail":"…"}`. The detail of a failed step is its error. */
export interface StepResult {
  readonly step: Step;
  readonly ok: boolean;
  readonly detail: string;
}

/** The line by which a client asks for a restart of the sandbox, and the one that answers once it listens again. */
export const RESTART = '{"restart":true}';
export const RESTARTED = '{"restarted":true}';

/**
 * Follows a client (stdin and stdout piped) to its end.
 * @returns what it reported of each step, in order
 * @throws where it reports a step twice, one that there is not, or a line of another kind
 */
export async function followSteps(client: ChildProcess, restart: () => Promise<void>): Promise<StepResult[]> {
  const results: StepResult[] = [];
  const ended = once(client, 'exit');
  for await (const line of createInterface(client.stdout!)) {
    if (line === RESTART) {
      await restart();
      client.stdin!.write(`${RESTARTED}\n`);
      continue;
    }
    const result = JSON.parse(line) as StepResult;
    if (!STEPS.includes(result.step)) throw new Error(`not a step: ${line}`);
    if (results.some(({ step }) => step === result.step)) throw new Error(`reported twice: ${line}`);
    results.push(result);
  }
  await ended;
  return results;
}
