/**
 * npm run bench: the gateways over HTTP beside the bare client library, against the sandbox, in turns and in one run.
 * Ratios are what counts; absolute figures belong to the machine. `--seconds N` a round of texts, `--full` for
 * files of 2 GB in place of small ones, `--only texts`, `files`, `rough`, `starts` or `sandbox`, `--cut-every N` seconds in `rough`, `--accounts N` (what
 * an idle account costs a process that has so many) or `--soak MINUTES` in place of all that;
 * `--json FILE`, `--against FILE` for the change since an earlier run's JSON, `--profile FOLDER` for where the time goes.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { printChanges } from './against.ts';
import { compareTexts } from './compare-texts.ts';
import { measureAccounts, printAccounts } from './measure-accounts.ts';
import { measureStarts } from './measure-starts.ts';
import type { Running } from './processes.ts';
import { measureRough, printRough } from './rough-upload.ts';
import { measureSandbox, printSandbox } from './sandbox.ts';
import { soak } from './soak.ts';
import { printStarts } from './start-table.ts';
import { printTexts, slowerThanUsual } from './text-table.ts';
import { farOff, printUploads } from './upload-table.ts';
import { compareUploads } from './uploads.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    full: { type: 'boolean', default: false },
    only: { type: 'string' },
    'cut-every': { type: 'string' },
    accounts: { type: 'string' },
    soak: { type: 'string' },
    json: { type: 'string' },
    against: { type: 'string' },
    profile: { type: 'string' },
  },
});

const parts = ['texts', 'files', 'rough', 'starts', 'sandbox'];
if (values.only !== undefined && !parts.includes(values.only)) {
  console.error(`--only takes ${parts.join(', ')}, not ${values.only}`);
  process.exit(2);
}

const running: Running[] = [];
const machine = { cpu: cpus()[0]!.model, cores: cpus().length, load: loadavg()[0]!, node: process.version };
console.log(`${machine.cpu}, ${machine.cores} cores, load ${machine.load.toFixed(1)}, Node ${machine.node}`);
const figures = await measureAsked();
if (values.json) writeFileSync(values.json, JSON.stringify({ machine, ...figures }, undefined, 2) + '\n');
if (values.against) printChanges(JSON.parse(readFileSync(values.against, 'utf8')), figures);

async function measureAsked() {
  const { accounts, soak } = values;
  if (soak !== undefined) return { soak: await soaked(Number(soak)) };
  if (accounts === undefined) return measure();
  const idle = await inFolder((folder) => measureAccounts({ folder, accounts: Number(accounts), running }));
  complain(printAccounts(idle));
  return { accounts: idle };
}

async function measure() {
  const wanted = (part: string) => values.only === undefined || values.only === part;
  const { full, profile } = values;
  const texts = wanted('texts')
    ? await inFolder((folder) => compareTexts({ folder, profile, running, seconds: Number(values.seconds) }))
    : undefined;
  if (texts) printTexts(texts.texts, texts.accepted);
  const files = wanted('files')
    ? await inFolder((folder) => compareUploads(folder, { full, profile, running }))
    : undefined;
  if (files) printUploads(files);
  const cutEveryS = Number(values['cut-every'] ?? (full ? 10 : 2));
  const rough = wanted('rough')
    ? await inFolder((folder) =>
        measureRough(folder, { bytes: full ? 2_000_000_000 : 64_000_000, cutEveryS, profile, running }),
      )
    : undefined;
  if (rough) printRough(rough);
  const starts = wanted('starts')
    ? await inFolder((folder) => measureStarts({ folder, profile, running }))
    : undefined;
  if (starts) printStarts(starts);
  const sandbox = wanted('sandbox')
    ? await inFolder((folder) => measureSandbox({ folder, profile, running }))
    : undefined;
  if (sandbox) printSandbox(sandbox);
  complain([...slowerThanUsual(texts?.texts ?? []), ...farOff(files ?? [])]);
  return {
    ...texts,
    ...(files && { files }),
    ...(rough && { rough }),
    ...starts,
    ...(sandbox && { sandbox }),
  };
}

function complain(complaints: readonly string[]): void {
  for (const complaint of complaints) console.error(complaint);
  if (complaints.length > 0) process.exitCode = 1;
}

function soaked(minutes: number) {
  return inFolder((folder) => soak({ folder, profile: values.profile, running, minutes }));
}

/** Runs with a folder of its own; what was started and what was written is gone afterwards. */
async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'vestnik-bench-'));
  try {
    return await work(folder);
  } finally {
    for (const each of running.splice(0).reverse()) await each.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
