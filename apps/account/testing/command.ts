/** For tests: the commands of an account as processes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { until } from '../../gateway/testing/stack.ts';

const main = join(import.meta.dirname, '../main.ts');

/** Runs a command like a person at a terminal: waits for what it says, and answers. */
export function run(command: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [main, ...command], {
    cwd: env.DATA_DIR,
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  }
  const ended = once(child, 'close').then(([code]) => code as number);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    ended,
    output: () => output,
    says: (text: RegExp) =>
      until(
        () => output,
        (said) => text.test(said),
      ),
    answer: (text: string) => void child.stdin.write(text + '\n'),
  };
}
