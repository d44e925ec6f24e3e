/**
 * Clients of others take the sandbox for Telegram, by the methods that their users call: each goes every step of
 * clients/steps.ts, and logs no warning about an answer.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../apps/testkit/folder.ts';
import type { Report } from '../../apps/testkit/report.ts';
import { shared, type WhenDone } from '../../apps/testkit/when-done.ts';
import {
  clientsPython,
  DEBIAN_PYTHON,
  whyNoDebianTelethon,
  whyNoPythonClients,
} from './clients/python-clients.ts';
import { SandboxProcess } from './clients/sandbox-process.ts';
import { followSteps, STEPS, type Step, type StepResult } from './clients/steps.ts';
import { output } from './command.ts';
import { describeEngine } from './describe-engine.ts';
import { freePorts } from './ports.ts';

const DEMO = '-1003833950795';
const WITHIN_MS = 300_000;
/** Texts that the steps send to one supergroup, each of which must be there once. */
const SENT_ONCE = ['a bold text', 'a reply', 'later', 'cut before', 'cut after', 'after the restart'];

/** A warning or an error in the log of a client. */
interface LogLine {
  readonly level: string;
  readonly step: Step;
  readonly text: string;
}

interface Client {
  readonly name: string;
  readonly whyNot: string | undefined;
  readonly command: () => Promise<readonly [string, string]>;
  /** Lines of the log that are no fault of the sandbox's answers, and why. */
  readonly noFaults: readonly {
    /** Any, where it is left out. */
    readonly step?: Step;
    readonly words: RegExp;
    readonly why: string;
  }[];
}

const noPython = await whyNoPythonClients();
const CLIENTS: readonly Client[] = [
  {
    name: 'Telethon 1.45.0',
    whyNot: noPython,
    command: async () => [await clientsPython(), fileOf('drive_telethon.py')],
    noFaults: [
      { step: 'call cut before it arrives', words: /^Server closed the connection/, why: 'it was cut' },
      { step: 'call cut before its answer', words: /^Server closed the connection/, why: 'it was cut' },
      {
        step: 'restart of the sandbox',
        words: /^Server closed the connection|^Attempt \d+ at connecting failed: ConnectionRefusedError/,
        why: 'the sandbox was away',
      },
    ],
  },
  {
    name: 'kurigram 2.2.26',
    whyNot: noPython,
    command: async () => [await clientsPython(), fileOf('drive_kurigram.py')],
    noFaults: [
      { step: 'call cut before it arrives', words: /Retrying "messages.SendMessage"/, why: 'it was cut' },
      { step: 'call cut before its answer', words: /Retrying "messages.SendMessage"/, why: 'it was cut' },
      {
        step: 'restart of the sandbox',
        words: /Connect call failed|^Connection failed! Trying again|Retrying "messages.SendMessage"/,
        why: 'the sandbox was away',
      },
    ],
  },
  {
    name: 'mtcute 0.30.3',
    whyNot: undefined,
    command: () => Promise.resolve([process.execPath, fileOf('drive-mtcute.ts')]),
    noFaults: [
      { step: 'restart of the sandbox', words: /connect ECONNREFUSED/, why: 'the sandbox was away' },
      {
        words: /received pong to unknown ping/,
        why: 'once connected it sends what it wrote before, but has forgotten the ping in it',
      },
    ],
  },
];

for (const { name, whyNot, command, noFaults } of CLIENTS)
  describeEngine(name, whyNot, () => {
    let results: StepResult[] = [];
    const log: LogLine[] = [];
    /** Those of the sandbox before its restart and at the end. */
    const reports: Report[] = [];

    beforeAll(
      shared(async (whenDone) => {
        const { sandbox, port, url } = await startSandbox(whenDone);
        const note = async () => void reports.push((await (await fetch(`${url}/report`)).json()) as Report);
        const client = spawn(...withArguments(await command(), [String(port), url]), {
          stdio: ['pipe', 'pipe', 'pipe'],
          timeout: WITHIN_MS,
        });
        createInterface(client.stderr).on('line', (line) => log.push(readLogLine(line)));
        const ended = once(client.stderr, 'close');
        results = await followSteps(client, async () => {
          await note();
          await sandbox.restart();
        });
        await ended;
        await note();
      }),
      WITHIN_MS + 30_000,
    );

    it.each(STEPS)('goes the step: %s', (step) => {
      const result = results.find((one) => one.step === step);
      if (!result?.ok) expect.fail(result?.detail ?? 'the step was not reported');
    });

    it('has each of its texts delivered once, also those whose call was cut', () => {
      const texts = reports
        .flatMap(({ delivered }) => delivered)
        .filter(({ chat_id }) => chat_id === DEMO)
        .map(({ text }) => text);
      expect(texts.filter((text) => SENT_ONCE.includes(text)).sort()).toEqual([...SENT_ONCE].sort());
    });

    it('logs no warning about an answer of the sandbox', () => {
      const faults = log.filter(
        (line) =>
          !noFaults.some(({ step = line.step, words }) => step === line.step && words.test(line.text)),
      );
      const passed = results.filter(({ ok }) => ok).length;
      console.log(`${name}: ${passed} of ${STEPS.length} steps passed, ${faults.length} warnings`);
      expect(faults).toEqual([]);
    });

    it('calls no method that the sandbox does not serve', () => {
      expect(reports.flatMap(({ missing_methods }) => Object.keys(missing_methods))).toEqual([]);
    });
  });

describeEngine("Debian's Telethon", await whyNoDebianTelethon(), () => {
  it('agrees on a key, and is refused because of its layer', async () => {
    const { sandbox, port, url } = await startSandbox(onTestFinished);
    const driver = fileOf('drive_old_telethon.py');
    const answer = JSON.parse(await output(DEBIAN_PYTHON, [driver, String(port), url])) as object;
    expect(answer).toMatchObject({ has_key: true, error: 'ConnectionLayerInvalidError' });
    expect(sandbox.log).toMatch(/"layer":\d+,.*not served/);
  });
});

async function startSandbox(whenDone: WhenDone) {
  const [port, second, first, media, proxy, http] = await freePorts(6);
  const sandbox = await SandboxProcess.start({
    env: {
      DATA_DIR: temporaryFolder(whenDone),
      SANDBOX_SIGN_IN: 'required',
      SANDBOX_PORT: String(port),
      SANDBOX_SECOND_PORT: String(second),
      SANDBOX_DC1_PORT: String(first),
      SANDBOX_MEDIA_PORT: String(media),
      SANDBOX_PROXY_PORT: String(proxy),
      SANDBOX_HTTP_PORT: String(http),
    },
  });
  whenDone(() => sandbox[Symbol.asyncDispose]());
  return { sandbox, port: port!, url: `http://127.0.0.1:${http}` };
}

function fileOf(name: string): string {
  return fileURLToPath(new URL(`clients/${name}`, import.meta.url));
}

function withArguments([command, driver]: readonly [string, string], more: string[]): [string, string[]] {
  return [command, [driver, ...more]];
}

/** A line that is not of the driver's own kind, such as a trace, is an error too. */
function readLogLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { level: 'ERROR', step: 'log out', text: line };
  }
}
