/** The config, the targets and the rules, as Prometheus' own tools judge them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasCommand, output } from '../engines/command.ts';

const here = import.meta.dirname;
const filesOf = (folder: string) => readdirSync(join(here, folder)).map((name) => join(here, folder, name));
const textOf = (folder: string) =>
  filesOf(folder)
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
const hasPromtool = await hasCommand('promtool');
const why = hasPromtool ? '' : ' (skipped: promtool is not installed)';

describe.skipIf(!hasPromtool)(`to promtool${why}`, () => {
  it('the config is right', async () => {
    expect(await output('promtool', ['check', 'config', join(here, 'prometheus.yml')])).toContain('SUCCESS');
  });

  it('the rules are right, and none stands there twice', async () => {
    const told = await output('promtool', ['check', 'rules', ...filesOf('rules')]);
    expect(told).not.toMatch(/duplicate|FAILED/i);
    expect(told.match(/SUCCESS/g)).toHaveLength(filesOf('rules').length);
  });

  it.each(filesOf('tests').map((path) => path.slice(here.length + 1)))(
    'the rules do what %s says',
    async (path) => {
      expect(await output('promtool', ['test', 'rules', join(here, path)])).toContain('SUCCESS');
    },
  );
});

describe('every alert', () => {
  const alerts = textOf('rules')
    .split('- alert: ')
    .slice(1)
    .map((text) => [/^\w+/.exec(text)![0], text] as const);
  const cases = textOf('tests').split('- expr: ').slice(1);

  it.each(alerts)('%s says how bad it is, what it is in English and Russian, and what to do', (_, text) => {
    expect(text).toMatch(/^ +labels: \{ severity: (critical|warning|info) \}$/m);
    expect(text).toMatch(/^ +summary: .*[a-z]/m);
    expect(text).toMatch(/^ +summary_ru: .*[а-я]/m);
    expect(text).toMatch(/^ +description: /m);
  });

  it.each(alerts)('%s has a case in which it fires, and one in which it does not', (name) => {
    const asked = cases.filter((text) => text.includes(`alertname="${name}", alertstate="firing"`));
    expect(asked.filter((text) => text.includes('exp_samples: [{')).length).toBeGreaterThan(0);
    expect(asked.filter((text) => text.includes('exp_samples: []')).length).toBeGreaterThan(0);
  });
});

describe('the targets', () => {
  const files = readFileSync(join(here, 'prometheus.yml'), 'utf8').match(/targets\/\w+\.yml/g)!;

  it.each(['targets', 'targets-docker'])('in %s are all that the config names', (folder) => {
    expect(files).toHaveLength(3);
    for (const file of files)
      expect(existsSync(join(here, file.replace('targets/', `${folder}/`))), file).toBe(true);
    expect(readdirSync(join(here, folder))).toHaveLength(files.length);
  });

  it('carry the same labels with Docker as without', () => {
    const labels = (folder: string) => textOf(folder).match(/labels: .*/g);
    expect(labels('targets-docker')).toEqual(labels('targets'));
    expect(labels('targets')).toHaveLength(3);
  });
});
