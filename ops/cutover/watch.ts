/** The last step: some minutes in which both new services must go on as they are, and what goes wrong is shown. */
import { newUnits, sides, type Side } from './arguments.ts';
import { serviceOf } from './checks.ts';
import type { Cutover } from './cutover.ts';
import { ask, healthOf } from './verify.ts';
import { stillRuns } from './switch.ts';

const everyMs = 5_000;
const missesAllowed = 2;
/** Errors of the service or its session; the others are of a chat, a caller or a wait, and would be so before. */
const fatal = ['session_lost', 'storage_full', 'storage_failed', 'internal'];

interface ErrorLine {
  readonly at: string;
  readonly class: string;
  readonly message: string;
}

/** @throws Error when a new service ended, is down, or fails as it should never; when an old one runs */
export async function watch(cutover: Cutover): Promise<void> {
  const { host, options, say, signal } = cutover;
  const until = host.clock.now() + options.watchS * 1000;
  const seen = new Set<string>();
  const misses = { text: 0, media: 0 };
  for (;;) {
    for (const side of sides) {
      await staysAlone(cutover, side);
      const health = await healthOf(cutover, side);
      misses[side] = !health || health.status === 'down' ? misses[side] + 1 : 0;
      if (misses[side] > missesAllowed)
        throw new Error(`${serviceOf(side)} is down: ${health?.reasons.join('; ') ?? 'it does not answer'}`);
      for (const line of await newErrors(cutover, side, seen)) {
        say(`  ${side}: ${line.class}: ${line.message}`);
        if (fatal.includes(line.class)) throw new Error(`${serviceOf(side)}: ${line.class}: ${line.message}`);
      }
    }
    const leftMs = until - host.clock.now();
    if (leftMs <= 0) break;
    await host.clock.sleep(Math.min(everyMs, leftMs), signal);
  }
  say(
    `  ${options.watchS} s, ${seen.size === 0 ? 'no errors' : `errors: ${seen.size}, none of the services themselves`}`,
  );
}

/** The new one runs as it was started, the old one does not. */
async function staysAlone(cutover: Cutover, side: Side): Promise<void> {
  await stillRuns(cutover, side);
  const { units, options } = cutover;
  if (await units.isActive(options.oldUnits[side]))
    throw new Error(`${options.oldUnits[side]} was started by somebody, on the session of ${newUnits[side]}`);
}

async function newErrors(cutover: Cutover, side: Side, seen: Set<string>): Promise<ErrorLine[]> {
  const answer = await ask(cutover, side, '/stats').catch(() => undefined);
  if (answer?.status !== 200) return [];
  const { errors } = JSON.parse(answer.body) as { errors: { recent: ErrorLine[] } };
  return errors.recent.filter((line) => {
    const key = `${side} ${line.at} ${line.class} ${line.message}`;
    return !seen.has(key) && seen.add(key);
  });
}
