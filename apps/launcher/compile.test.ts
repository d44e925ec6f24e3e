import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { compileServices } from './compile.ts';

it('compiles services once, and again when a source has changed', async () => {
  const { compile, runs, entry } = writingService();
  await compile();
  await compile();
  expect(runs()).toHaveLength(1);
  utimesSync(entry, new Date(), new Date(0));
  await compile();
  expect(runs()).toHaveLength(2);
});

it('gives them a setting that they refuse, and nothing that is set for the services themselves', async () => {
  process.env.SEND_TEXT_LOG_LEVEL = 'info';
  onTestFinished(() => void delete process.env.SEND_TEXT_LOG_LEVEL);
  const { compile, runs } = writingService();
  await compile();
  expect(runs()).toEqual([{ level: 'none', own: undefined, hasDotEnv: false }]);
});

it('lets the services be started where nothing can be kept', async () => {
  const { compile, runs, dir } = writingService();
  writeFileSync(join(dir, 'cache'), 'a file where a folder should be');
  await expect(compile()).resolves.toBeUndefined();
  expect(runs()).toEqual([]);
});

/** A service in a folder of its own that writes down each of its runs. */
function writingService() {
  const dir = temporaryFolder();
  const notes = join(dir, 'runs');
  const entry = join(dir, 'apps', 'main.ts');
  mkdirSync(join(dir, 'apps'));
  writeFileSync(
    entry,
    `import { appendFileSync, existsSync } from 'node:fs';
     const { LOG_LEVEL: level, SEND_TEXT_LOG_LEVEL: own } = process.env;
     const run: object = { level, own, hasDotEnv: existsSync('.env') };
     appendFileSync(${JSON.stringify(notes)}, JSON.stringify(run) + '\\n');`,
  );
  return {
    dir,
    entry,
    compile: () => compileServices([{ entry }], pathToFileURL(`${join(dir, 'apps')}/`), join(dir, 'cache')),
    runs: () =>
      existsSync(notes)
        ? readFileSync(notes, 'utf8')
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as unknown)
        : [],
  };
}
