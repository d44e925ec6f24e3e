/** `npm run scenario -- NAME`: what it takes, what it prints, and the exit code: 1 when an expectation is not met. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cpus, loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import type { Release } from '../kit/release.ts';
import { StartError } from '../kit/run.ts';
import { compare, type Comparison } from './compare.ts';
import { listScenarios, loadScenario, type Scenario } from './data-file.ts';
import { effectsOf, measure, refusalsOnceWhole } from './measures.ts';
import { play, type Played } from './play.ts';
import { eventsOf, examplesOf, slowestOf, tableOf } from './print.ts';
import { scaled, secondsOf } from './scale.ts';
import { judge, type Line } from './verdict.ts';

const root = join(import.meta.dirname, '../..');
const usage =
  'npm run scenario -- NAME [--seconds N | --scale FACTOR] [--json FILE] [--inbox-port PORT]\n' +
  'NAME may be a file of your own that ends in .json.';

interface Asked {
  readonly scenario: Scenario;
  readonly name: string;
  readonly scale: number;
  readonly jsonFile: string;
  readonly inboxPort: number;
}

/** Does what the arguments say; the exit code. @throws StartError for what is wrong with them or with the stack */
export async function command(
  args: readonly string[],
  say: (line: string) => void,
  release: Release,
  signal: AbortSignal,
): Promise<number> {
  const asked = read(args);
  if (!asked) {
    for (const { name, title } of listScenarios()) say(`${name.padEnd(20)} ${title}`);
    say(`\n${usage}`);
    return 0;
  }
  const { scenario, name, scale, jsonFile, inboxPort } = asked;
  say(`${name}: ${scenario.title}`);
  mkdirSync(dirname(jsonFile), { recursive: true });
  const logFile = jsonFile.replace(/(\.json)?$/, '.log');
  const lag = monitorEventLoopDelay();
  lag.enable();
  const played = await play(scenario, { release, inboxPort, logFile, say, signal });
  const comparison = compare(played.messages, played.report.delivered, played.history.bannedAt);
  const lines = judge(measure(scenario, played, comparison), scenario.expect);
  const isMet = lines.every((line) => line.isMet);
  for (const line of ['', ...eventsOf(effectsOf(played), played.startedAt), '', ...tableOf(lines)]) say(line);
  for (const line of examplesOf(comparison)) say(line);
  writeFileSync(
    jsonFile,
    JSON.stringify(
      {
        scenario: name,
        scale,
        ok: isMet,
        machine: machine(lag.percentile(99)),
        ...summary(played, comparison, lines),
      },
      undefined,
      2,
    ) + '\n',
  );
  say(`\n${isMet ? 'All as expected' : 'Not all as expected'}: ${jsonFile}, the logs in ${logFile}`);
  return isMet ? 0 : 1;
}

/** What is asked for; undefined without a name. */
function read(args: readonly string[]): Asked | undefined {
  const { values, positionals } = parsed(args);
  const [path, ...more] = positionals;
  if (path === undefined) return undefined;
  if (more.length > 0) throw new StartError(`one scenario at a time, not also ${more.join(', ')}\n${usage}`);
  const whole = loadScenario(path);
  if (values.seconds !== undefined && values.scale !== undefined)
    throw new StartError('--seconds and --scale say the same: give one of them');
  const scale =
    values.seconds === undefined
      ? numberOf('scale', values.scale ?? '1', 0.001, 100)
      : numberOf('seconds', values.seconds, 1, 86_400) / secondsOf(whole);
  const name = basename(path, '.json');
  return {
    name,
    scale,
    scenario: scaled(whole, scale),
    jsonFile: values.json ?? join(root, 'data/scenarios', `${name}.json`),
    inboxPort: numberOf('inbox-port', values['inbox-port'] ?? '0', 0, 65_535),
  };
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { seconds: text, scale: text, json: text, 'inbox-port': text },
    });
  } catch (error) {
    throw new StartError(`${(error as Error).message}\n${usage}`, { cause: error });
  }
}

function numberOf(name: string, raw: string, min: number, max: number): number {
  const value = Number(raw);
  if (raw.trim() !== '' && value >= min && value <= max) return value;
  throw new StartError(`--${name} takes a number from ${min} to ${max}, not ${JSON.stringify(raw)}`);
}

/** What it ran on, and how late this process itself was served: figures of milliseconds are no better than that. */
function machine(lagNs: number) {
  const { length: cores, 0: first } = cpus();
  const lag = { event_loop_delay_p99_ms: Math.round(lagNs / 1e6) };
  return { cpu: first?.model, cores, load: loadavg()[0], node: process.version, ...lag };
}

/** What is written as JSON. */
function summary(played: Played, comparison: Comparison, lines: readonly Line[]) {
  const states = Map.groupBy(played.messages, ({ state, class: name }) =>
    name ? `${state} ${name}` : state,
  );
  return {
    started_at: new Date(played.startedAt).toISOString(),
    measures: Object.fromEntries(
      lines.map(({ name, value, expected, isMet }) => [name, { value: value ?? null, expected, ok: isMet }]),
    ),
    states: Object.fromEntries([...states].map(([state, messages]) => [state, messages.length])),
    rpc: played.report.rpc,
    errors: played.report.errors,
    violations: played.report.violations,
    effects: effectsOf(played),
    examples: examplesOf(comparison),
    slowest_refusals: slowestOf(refusalsOnceWhole(played)),
  };
}
