/** Runs a program of the system for its answer: without a shell, within a time, in one language and time zone. */
import { execFile } from 'node:child_process';
import { Problem } from '../../kit/errors.ts';
import { reason, type Reason } from '../../kit/reason.ts';

export interface CommandAnswer {
  /** 0 when it succeeded; null when it was ended by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type RunCommand = (
  program: string,
  args: readonly string[],
  withinMs: number,
) => Promise<CommandAnswer>;

/** What programs of the system are given to live in: nothing of our own settings. */
export const plainEnvironment = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
const largestAnswer = 1_000_000;

/** @throws Problem unavailable when the program is not there, may not be run, or has no answer in time */
export const runCommand: RunCommand = (program, args, withinMs) =>
  new Promise((resolve, reject) => {
    const options = {
      timeout: withinMs,
      killSignal: 'SIGKILL',
      maxBuffer: largestAnswer,
      env: plainEnvironment,
    } as const;
    execFile(program, [...args], options, (error, stdout, stderr) => {
      if (error?.killed) reject(unavailable(reason('program_silent', { program, limit_ms: withinMs })));
      else if (typeof error?.code === 'string') reject(unavailable(cannotRun(program, error.code)));
      else resolve({ code: error ? (error.code ?? null) : 0, stdout, stderr });
    });
  });

/** Why a program could not be started. */
export function cannotRun(program: string, code: string): Reason {
  if (code === 'ENOENT') return reason('no_program', { program });
  if (code === 'EACCES') return reason('program_denied', { program });
  return reason('program_failed', { program, error: code });
}

function unavailable(why: Reason): Problem {
  return new Problem('unavailable', why);
}
