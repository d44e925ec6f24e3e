/** The command as it is typed: real processes, a short form of a scenario, and scenarios that must fail. */
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { startProcess } from '../testkit/process.ts';

const main = join(import.meta.dirname, 'main.ts');

interface Report {
  ok: boolean;
  measures: Record<string, { value: number | null; ok: boolean }>;
}

const start = (args: readonly string[]) => startProcess(main, { args, endWith: 'SIGINT' });

/** A scenario of one second, changed by `change`, in a file of its own. */
function scenarioFile(folder: string, change: object): string {
  const file = join(folder, 'own.json');
  const phases = [{ name: 'only', seconds: 1, traffic: { per_second: 5, wait: 5 } }];
  writeFileSync(file, JSON.stringify({ title: 'own', world: { dialogs: 20 }, phases, ...change }));
  return file;
}

describe('npm run scenario', () => {
  it('lists the scenarios when none is named', async () => {
    const scenario = start([]);
    expect(await scenario.ended).toBe(0);
    expect(scenario.output).toMatch(/^outage-2026-02-20 +\S/m);
  });

  it('says what is wrong in one line', async () => {
    const unknown = start(['outrage']);
    expect(await unknown.ended).toBe(1);
    expect(unknown.output).toMatch(/^scenario: there is no scenario outrage: there are .*\n$/);

    const broken = start([scenarioFile(temporaryFolder(), { seed: -1, expect: { lots: 0 } })]);
    expect(await broken.ended).toBe(1);
    expect(broken.output).toMatch(/^scenario: .*own\.json: seed: .*; expect\.lots: is not measured.*\n$/);
  });

  it('says which port is in use', async () => {
    const folder = temporaryFolder();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const scenario = start([
      ...[scenarioFile(folder, {}), '--inbox-port', String(port), '--json', join(folder, 'report.json')],
    ]);
    expect(await scenario.ended).toBe(1);
    expect(scenario.output).toContain(`port ${port} is in use`);
  });

  it('ends with 1 when an expectation is not met, and names it', async () => {
    const folder = temporaryFolder();
    const json = join(folder, 'report.json');
    const file = scenarioFile(folder, { expect: { lost: 0, messages: 6 } });
    const scenario = start([file, '--json', json]);
    expect(await scenario.ended, scenario.output).toBe(1);
    expect(scenario.output).toMatch(/messages asked for +5 +=\s6 .*NOT AS EXPECTED/);
    const report = JSON.parse(readFileSync(json, 'utf8')) as Report;
    expect(report).toMatchObject({
      ok: false,
      measures: { lost: { value: 0, ok: true }, messages: { value: 5, ok: false } },
    });
  }, 90_000);

  it('finds nothing lost, repeated or flooded in a short form of the outage', async () => {
    const json = join(temporaryFolder(), 'report.json');
    const scenario = start(['outage-2026-02-20', '--seconds', '10', '--json', json]);
    await scenario.ended;
    const { measures } = JSON.parse(readFileSync(json, 'utf8')) as Report;
    const counted = Object.entries(measures).filter(([name]) => !/_(ms|s|mb|least)(\.|$)/.test(name));
    expect(measures, scenario.output).toMatchObject({ messages: { value: 20 }, dialog_pages: { value: 5 } });
    expect(
      counted.filter(([, { ok }]) => !ok),
      scenario.output,
    ).toEqual([]);
  }, 120_000);

  it('leaves nothing behind when it is interrupted', async () => {
    const folder = temporaryFolder();
    const scenario = start(['outage-2026-02-20', '--json', join(folder, 'report.json')]);
    const [, inbox] = await scenario.says(/(http:\S+)[^]*outage: /, 60_000);
    expect((await fetch(inbox!)).status).toBe(200);
    expect(await scenario.stop('SIGINT')).toBe(130);
    await expect(fetch(inbox!)).rejects.toThrow();
  }, 90_000);
});
