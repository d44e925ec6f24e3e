/** The command as it is typed: real processes, a short form of a scenario, and scenarios that must fail. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from './testing/folder.ts';

const main = join(import.meta.dirname, 'main.ts');

interface Report {
  ok: boolean;
  measures: Record<string, { value: number | null; ok: boolean }>;
}

function start(args: readonly string[]): {
  child: ChildProcess;
  ended: Promise<number>;
  output: () => string;
} {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  }
  const ended = once(child, 'close').then(([code]) => code as number);
  onTestFinished(async () => {
    if (child.exitCode === null) child.kill('SIGINT');
    await ended;
  });
  return { child, ended, output: () => output };
}

/** A scenario of one second, changed by `change`, in a file of its own. */
function scenarioFile(folder: string, change: object): string {
  const file = join(folder, 'own.json');
  const phases = [{ name: 'only', seconds: 1, traffic: { per_second: 5, wait: 5 } }];
  writeFileSync(file, JSON.stringify({ title: 'own', world: { dialogs: 20 }, phases, ...change }));
  return file;
}

describe('npm run scenario', () => {
  it('lists the scenarios when none is named', async () => {
    const { ended, output } = start([]);
    expect(await ended).toBe(0);
    expect(output()).toMatch(/^outage-2026-02-20 +\S/m);
  });

  it('says what is wrong in one line', async () => {
    const unknown = start(['outrage']);
    expect(await unknown.ended).toBe(1);
    expect(unknown.output()).toMatch(/^scenario: there is no scenario outrage: there are .*\n$/);

    const broken = start([scenarioFile(temporaryFolder(), { seed: -1, expect: { lots: 0 } })]);
    expect(await broken.ended).toBe(1);
    expect(broken.output()).toMatch(/^scenario: .*own\.json: seed: .*; expect\.lots: is not measured.*\n$/);
  });

  it('says which port is in use', async () => {
    const folder = temporaryFolder();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { ended, output } = start([
      ...[scenarioFile(folder, {}), '--inbox-port', String(port), '--json', join(folder, 'report.json')],
    ]);
    expect(await ended).toBe(1);
    expect(output()).toContain(`port ${port} is in use`);
  });

  it('ends with 1 when an expectation is not met, and names it', async () => {
    const folder = temporaryFolder();
    const json = join(folder, 'report.json');
    const file = scenarioFile(folder, { expect: { lost: 0, messages: 6 } });
    const { ended, output } = start([file, '--json', json]);
    expect(await ended, output()).toBe(1);
    expect(output()).toMatch(/messages asked for +5 +=\s6 .*NOT AS EXPECTED/);
    const report = JSON.parse(readFileSync(json, 'utf8')) as Report;
    expect(report).toMatchObject({
      ok: false,
      measures: { lost: { value: 0, ok: true }, messages: { value: 5, ok: false } },
    });
  }, 90_000);

  it('finds nothing lost, repeated or flooded in a short form of the outage', async () => {
    const json = join(temporaryFolder(), 'report.json');
    const { ended, output } = start(['outage-2026-02-20', '--seconds', '10', '--json', json]);
    await ended;
    const { measures } = JSON.parse(readFileSync(json, 'utf8')) as Report;
    const counted = Object.entries(measures).filter(([name]) => !/_(ms|s|mb|least)(\.|$)/.test(name));
    expect(measures, output()).toMatchObject({ messages: { value: 20 }, dialog_pages: { value: 4 } });
    expect(
      counted.filter(([, { ok }]) => !ok),
      output(),
    ).toEqual([]);
  }, 120_000);

  it('leaves nothing behind when it is interrupted', async () => {
    const folder = temporaryFolder();
    const { child, ended, output } = start(['outage-2026-02-20', '--json', join(folder, 'report.json')]);
    const playing = Promise.withResolvers<string>();
    void ended.then((code) => playing.reject(new Error(`it ended with ${code}: ${output()}`)));
    child.stdout!.on('data', () => {
      const found = /(http:\S+)[^]*outage: /.exec(output());
      if (found) playing.resolve(found[1]!);
    });
    const inbox = await playing.promise;
    expect((await fetch(inbox)).status).toBe(200);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    await expect(fetch(inbox)).rejects.toThrow();
  }, 90_000);
});
