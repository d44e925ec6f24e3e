/** For tests: the commands of an account as processes, which a test answers like a person at a terminal. */
import { join } from 'node:path';
import { startProcess, type TestProcess } from '../../testkit/process.ts';

/** Runs `npm run` with a command of an account. */
export function run(command: string[], env: Record<string, string>): TestProcess {
  return startProcess(join(import.meta.dirname, '../main.ts'), { args: command, env });
}
