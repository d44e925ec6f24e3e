/**
 * Which tests are quick: those that, as their imports say, start no process, no browser, no Telegram and no simulation of
 * hours. So nobody keeps a list, and a test that begins to start one of them is no longer among them.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const slow = [
  'apps/sandbox/sandbox.ts',
  'apps/gateway/outbox/testing/simulation.ts',
  'ops/crash/crash.ts',
  'playwright-core',
];

/** The paths of all tests from the root, in two heaps. */
export function sortTests(): { quick: string[]; slow: string[] } {
  const missing = slow.filter((name) => name.includes('/') && !existsSync(join(root, name)));
  if (missing.length > 0) throw new Error(`apps/testkit/quick.ts names files that are not there: ${missing}`);
  const tests = globSync('{apps,ops}/**/*.test.ts', { cwd: root, exclude: ['**/*.engines.test.ts'] }).sort();
  const { quick = [], slow: others = [] } = Object.groupBy(tests, (test) =>
    isQuick(test) ? 'quick' : 'slow',
  );
  return { quick, slow: others };
}

function isQuick(test: string): boolean {
  const reached = new Set([test]);
  for (const file of reached) {
    for (const name of importsOf(file)) {
      // A service may well be able to start something; what a test or its helpers start, is started.
      if (slow.includes(name) || (name === 'node:child_process' && isOfTests(file))) return false;
      if (name.startsWith('apps/') || name.startsWith('ops/')) reached.add(name);
    }
  }
  return true;
}

const known = new Map<string, string[]>();

/** What a file imports: paths from the root, and names of packages. Types alone start nothing. */
function importsOf(file: string): string[] {
  const found = known.get(file);
  if (found) return found;
  const source = /\.[jt]s$/.test(file) ? readFileSync(join(root, file), 'utf8') : '';
  const names = [...source.matchAll(/^(?:import|export)(?! type)[^;]*?'([^']+)';$/gm)].map(([, name]) =>
    name!.startsWith('.') ? join(dirname(file), name!) : name!,
  );
  known.set(file, names);
  return names;
}

function isOfTests(file: string): boolean {
  return /\.test\.ts$|\/testing\/|\/testkit\//.test(file);
}
