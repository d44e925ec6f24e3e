/**
 * TDLib, Telegram's own library, takes the sandbox for Telegram: it goes every step, and its log complains of nothing. It
 * runs where there is nothing but loopback, because it connects to Telegram's addresses by itself. `TDLIB_LOG` names a
 * file that keeps the log.
 */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../apps/testkit/folder.ts';
import { shared } from '../../apps/testkit/when-done.ts';
import { LoopbackOnly } from './clients/loopback-only.ts';
import { SandboxProcess } from './clients/sandbox-process.ts';
import { followSteps, STEPS, type StepResult } from './clients/steps.ts';
import type { TdStepsOptions } from './clients/td-steps.ts';
import { clientPackages, copyTrusting, linesOf, whyNoTdlib, type LogLine } from './clients/tdlib.ts';
import { output } from './command.ts';
import { describeEngine } from './describe-engine.ts';

const MAIN = fileURLToPath(new URL('clients/td-steps.ts', import.meta.url));
const PHOTO = fileURLToPath(new URL('../samples/photo.jpg', import.meta.url));
const HTTP_PORT = 4431;
/** The addresses that are built into TDLib, and the ports of the sandbox's data centres. */
const ADDRESSES = {
  '149.154.175.50': 4435,
  '149.154.167.51': 4430,
  '95.161.76.100': 4430,
  '149.154.167.91': 4432,
};
const WITHIN_MS = 300_000;

/** Errors in its log that are no fault of the sandbox, and why. */
const NO_FAULTS: readonly { readonly words: RegExp; readonly why: string }[] = [];

it('is not even loaded where there is more than loopback', async () => {
  const driver = output(process.execPath, [MAIN, '{}']);
  await expect(driver).rejects.toThrow('TDLib must not see interfaces');
});

describeEngine('TDLib 1.8.65', await whyNoTdlib(), () => {
  let results: StepResult[] = [];
  let log: LogLine[] = [];
  let complaints: LogLine[] = [];

  beforeAll(
    shared(async (whenDone) => {
      const folder = temporaryFolder(whenDone);
      const namespace = await LoopbackOnly.make(Object.keys(ADDRESSES));
      whenDone(() => namespace[Symbol.asyncDispose]());
      const sandbox = await SandboxProcess.start({
        env: { DATA_DIR: folder, SANDBOX_SIGN_IN: 'required' },
        prefix: namespace.prefix,
      });
      whenDone(() => sandbox[Symbol.asyncDispose]());

      const packages = await clientPackages();
      const library = join(folder, 'libtdjson.so');
      await copyTrusting(await readFile(join(folder, 'sandbox/public-key.pem'), 'utf8'), packages, library);
      const logFile = process.env.TDLIB_LOG || join(folder, 'tdlib.log');
      const options: TdStepsOptions = {
        packages,
        library,
        logFile,
        folder,
        photo: PHOTO,
        addresses: ADDRESSES,
        url: `http://127.0.0.1:${HTTP_PORT}`,
      };
      const [command, ...args] = [...namespace.prefix, process.execPath, MAIN, JSON.stringify(options)];
      const tdlib = spawn(command, args, {
        env: { PATH: process.env.PATH },
        stdio: ['pipe', 'pipe', 'inherit'],
        timeout: WITHIN_MS,
      });
      results = await followSteps(tdlib, () => sandbox.restart());
      log = linesOf(await readFile(logFile, 'utf8'), 2);
      complaints = log.filter(
        ({ level, words }) => level < 2 && !NO_FAULTS.some((known) => known.words.test(words)),
      );
    }),
    WITHIN_MS + 60_000,
  );

  it.each(STEPS)('goes the step: %s', (step) => {
    const result = results.find((one) => one.step === step);
    if (!result?.ok) expect.fail(result?.detail ?? 'the step was not reported');
  });

  it('complains of nothing in its log', () => {
    const passed = results.filter(({ ok }) => ok).length;
    console.log(`TDLib: ${passed} of ${STEPS.length} steps passed, ${complaints.length} complaints`);
    expect(log.some(({ level }) => level === 2)).toBe(true);
    expect(complaints.map(({ words }) => words)).toEqual([]);
  });
});
