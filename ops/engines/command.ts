/** Commands of the system, each bounded in time. */
import { execFile, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { promisify } from 'node:util';

export interface CommandOptions {
  readonly cwd?: string;
  /** All of the environment, where given. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly withinMs?: number;
}

/** What a command printed. @throws with the end of what it wrote to both outputs, when it fails or takes too long */
export async function output(
  command: string,
  args: readonly string[],
  { cwd, env, withinMs = 60_000 }: CommandOptions = {},
): Promise<string> {
  try {
    const options = { cwd, env, timeout: withinMs, maxBuffer: 64 * 1024 * 1024 } as const;
    const { stdout } = await promisify(execFile)(command, args, options);
    return stdout;
  } catch (error) {
    const {
      stdout = '',
      stderr = '',
      killed,
    } = error as { stdout?: string; stderr?: string; killed?: boolean };
    const why = killed ? `not done within ${withinMs} ms` : (error as Error).message.split('\n', 1)[0];
    const told = `${stdout.slice(-2_000)}\n${stderr.slice(-2_000)}`.trim();
    throw new Error(`${command} ${args.slice(0, 3).join(' ')}: ${why}\n${told}`, { cause: error });
  }
}

/** Starts a program that the kernel tells to end where this process is killed before it could do so itself. */
export function spawnBound(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  return spawn('setpriv', ['--pdeathsig', 'TERM', '--', command, ...args], options);
}

/** Whether the system has a command of that name. */
export async function hasCommand(name: string): Promise<boolean> {
  return output('sh', ['-c', 'command -v "$0"', name]).then(
    () => true,
    () => false,
  );
}
