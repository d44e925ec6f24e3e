/** `npm start` ends with npm, also where that is killed and passes nothing on: nobody else would know of what goes on. */
import type { Environment } from '../kit/environment.ts';

const pauseMs = 1_000;

/** Stops this process as SIGTERM does once its parent is gone, where npm started it. */
export function endWithNpm({ npm_lifecycle_event: script }: Environment): void {
  if (!script) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && process.kill(process.pid, 'SIGTERM'), pauseMs).unref();
}
