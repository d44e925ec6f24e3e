/** `npm run crash`: kills both gateways, 200 times unless told otherwise, and fails when anything was lost or sent twice. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLogger } from '../../apps/kit/log.ts';
import { Release } from '../../apps/kit/release.ts';
import { crash } from './crash.ts';
import { isSound } from './verdict.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'string' },
  },
});
const [kills, seed] = [Number(values.kills), Number(values.seed)];
if (!(kills >= 1 && Number.isInteger(seed))) throw new Error('--kills and --seed take whole numbers');
const logFile = join(mkdtempSync(join(tmpdir(), 'vestnik-crash-')), 'gateways.log');
const release = new Release();
const stopped = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopped.abort());

try {
  const onKill = (number: number) => void (number % 20 === 0 && console.error(`${number} of ${kills}`));
  const result = await crash({ kills, seed, logFile, signal: stopped.signal, onKill }, release);
  console.table(result);
  console.log(`seed ${seed}, log of the gateways in ${logFile}`);
  if (values.json) writeFileSync(values.json, JSON.stringify(result, undefined, 2) + '\n');
  process.exitCode = isSound(result) ? 0 : 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await release.run(createLogger('crash', 'warn'), 20_000);
}
