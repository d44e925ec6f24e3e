import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCutover } from './command.ts';
import { FakeMachine, neighbour, newMedia, newText, oldMedia, oldText } from './testing/fake-machine.ts';

const begin = { isDryRun: false, goesBack: false, wantsHelp: false };

/** Says what an operator says; what was printed, and the exit code. */
async function say(
  machine: FakeMachine,
  what: 'begin' | 'go on' | 'back' | 'dry run',
  stopping = new AbortController(),
) {
  const lines: string[] = [];
  const options = what === 'begin' || what === 'dry run' ? machine.options : undefined;
  const args = { ...begin, options, isDryRun: what === 'dry run', goesBack: what === 'back' };
  const deps = { host: machine.host, places: machine.places, signal: stopping.signal };
  const code = await runCutover(args, { ...deps, print: (line) => lines.push(line) });
  return { code, told: lines.join('\n') };
}

/** Fails, or dies, at the first thing whose words match. */
function trip(machine: FakeMachine, pattern: RegExp, error: () => Error = () => new Error('tripped')): void {
  machine.before = (what) => {
    if (!pattern.test(what)) return;
    machine.before = () => {};
    throw error();
  };
}

/** One for each step, in their order. */
const trips: readonly (readonly [string, RegExp])[] = [
  ['check', /ask Telegram/],
  ['backup', /DropInPaths old-media/],
  ['hold', /disable vestnik-send-media/],
  ['import, at the first', /import-session .*text/],
  ['import, at the second', /import-session .*media/],
  ['stop the old text service, when disabling', /disable old-text/],
  ['stop the old text service', /stop old-text/],
  ['start the new text service', / start vestnik-send-text/],
  ['verify the new text service', /POST \/send_text/],
  ['pause', /sleep 4\d{4}/],
  ['stop the old media service', /stop old-media/],
  ['start the new media service', / start vestnik-send-media/],
  ['verify the new media service', /GET \/metrics|POST \/send_media/],
  ['watch', /^sleep 5000$/],
];
/** Where a failure is only asked about again, but somebody can cut it off. */
const cuts: typeof trips = [...trips, ['start the new text service, when it runs already', /GET \/health/]];

describe('a cutover', () => {
  it('brings both sides over, one after the other with a pause between, and touches nobody else', async () => {
    const machine = new FakeMachine();
    const { code, told } = await say(machine, 'begin');
    expect(told).toContain('Done: both new services send');
    expect(code).toBe(0);
    expect([...machine.active].sort()).toEqual([neighbour, newMedia, newText]);
    const [[first, textAt], [second, mediaAt]] = machine.startedAt as [[string, number], [string, number]];
    expect([first, second]).toEqual([newText, newMedia]);
    expect(mediaAt - textAt).toBeGreaterThanOrEqual(45_000);
    expect(machine.changes.join('\n')).not.toContain('neighbour');
    expect(new Set(machine.sentKeys).size).toBe(2);
    expect(told).not.toContain('f'.repeat(32));
    const log = readFileSync(join(machine.places.state, 'cutover.log'), 'utf8');
    for (const line of told.split('\n')) expect(log).toContain(line);
  });

  it('only tells its plan with --dry-run, and leaves no file', async () => {
    const machine = new FakeMachine();
    const before = machine.picture();
    const { code, told } = await say(machine, 'dry run');
    expect(code).toBe(0);
    for (const words of [
      'would: systemctl stop old-text.service',
      'would: waits 45 s',
      'Nothing was changed',
    ])
      expect(told).toContain(words);
    expect(machine.changes).toEqual([]);
    expect(machine.picture()).toEqual(before);
  });

  it.each(trips)('puts all back as it was when it fails at: %s', async (_step, pattern) => {
    const machine = new FakeMachine();
    const before = machine.picture();
    trip(machine, pattern);
    const { code, told } = await say(machine, 'begin');
    expect(told).toContain('tripped');
    expect(told).toContain('The old services are as they were before.');
    expect(code).toBe(1);
    expect(machine.picture()).toEqual(before);
    expect((await say(machine, 'begin')).code).toBe(0);
  });

  it.each(cuts)('goes on to the end, or back, after it was interrupted at: %s', async (_step, pattern) => {
    for (const way of ['go on', 'back'] as const) {
      const machine = new FakeMachine();
      const before = machine.picture();
      const stopping = new AbortController();
      trip(machine, pattern, () => {
        stopping.abort(new Error('interrupted'));
        return new Error('interrupted');
      });
      const { code, told } = await say(machine, 'begin', stopping);
      expect(told).toContain('Interrupted in');
      expect(code).toBe(130);
      expect((await say(machine, way)).code).toBe(0);
      if (way === 'back') expect(machine.picture()).toEqual(before);
      else expect([...machine.active].sort()).toEqual([neighbour, newMedia, newText]);
      expect(machine.sentKeys.length).toBeGreaterThanOrEqual(way === 'back' ? 0 : 2);
      expect(new Set(machine.sentKeys).size).toBeLessThanOrEqual(2);
    }
  });

  it('goes back after all was done, one side after the other with a pause between', async () => {
    const machine = new FakeMachine();
    const before = machine.picture();
    await say(machine, 'begin');
    expect((await say(machine, 'begin')).told).toContain('all is done already');
    machine.startedAt.length = 0;
    expect((await say(machine, 'back')).code).toBe(0);
    expect(machine.picture()).toEqual(before);
    const [[first, mediaAt], [second, textAt]] = machine.startedAt as [[string, number], [string, number]];
    expect([first, second]).toEqual([oldMedia, oldText]);
    expect(textAt - mediaAt).toBeGreaterThanOrEqual(45_000);
    await expect(say(machine, 'back')).rejects.toThrow('nothing was begun');
  });

  it('goes on going back when that was interrupted, and says when somebody has to look', async () => {
    const machine = new FakeMachine();
    const before = machine.picture();
    await say(machine, 'begin');
    trip(machine, /stop vestnik-send-media/);
    const stuck = await say(machine, 'back');
    expect(stuck.code).toBe(3);
    expect(stuck.told).toContain('NOT all is as it was');
    expect(machine.active).not.toContain(oldMedia);
    expect((await say(machine, 'go on')).told).toContain('The old services are as they were before.');
    expect(machine.picture()).toEqual(before);
  });

  it('leaves a service stopped and disabled that was so before', async () => {
    const machine = new FakeMachine();
    await machine.host.run('systemctl', ['stop', oldText]);
    await machine.host.run('systemctl', ['disable', oldText]);
    const before = machine.picture();
    trip(machine, /^sleep 5000$/);
    expect((await say(machine, 'begin')).code).toBe(1);
    expect(machine.picture()).toEqual(before);
  });

  it('ends the watch when a service is down thrice in a row, and not by an error of a chat', async () => {
    const machine = new FakeMachine();
    const before = machine.picture();
    machine.errors = [{ at: 'now', class: 'banned', message: 'in a chat' }];
    let asked = 0;
    machine.before = (what) => {
      if (what === 'GET /stats' && asked++ === 2)
        machine.health = { status: 'down', reasons: ['no Telegram'] };
    };
    const { code, told } = await say(machine, 'begin');
    expect(told).toContain('banned: in a chat');
    expect(told).toContain('service is down: no Telegram');
    expect(code).toBe(1);
    expect(machine.picture()).toEqual(before);
  });

  it('tells all that is wrong at once, and changes nothing', async () => {
    const machine = new FakeMachine();
    machine.active.delete(oldText);
    machine.active.add('another.service');
    writeFileSync(machine.options.sessions.media, readFileSync(machine.options.sessions.text));
    writeFileSync(join(machine.places.settings, 'credentials/api-tokens'), 'crm:send:0123456789abcdef\n');
    machine.isTaken = () => true;
    const { code, told } = await say(machine, 'begin');
    expect(code).toBe(1);
    for (const words of [
      'port 5022 is taken, and not by old-text.service',
      'both session files hold the same key',
      'API_TOKENS is set: give --token-file',
    ])
      expect(told).toContain(`PROBLEM: ${words}`);
    expect(machine.changes).toEqual([]);
  });

  it('is not begun anew with other arguments while one is under way', async () => {
    const machine = new FakeMachine();
    const stopping = new AbortController();
    trip(machine, /sleep 4/, () => (stopping.abort(), new Error('interrupted')));
    await say(machine, 'begin', stopping);
    const other = { ...begin, options: { ...machine.options, pauseS: 60 } };
    const deps = { host: machine.host, places: machine.places, signal: AbortSignal.any([]) };
    await expect(runCutover(other, { ...deps, print: () => {} })).rejects.toThrow(
      'another cutover was begun',
    );
  });

  it('refuses to start or stop any unit but its own', async () => {
    const { createCutover } = await import('./cutover.ts');
    const { Journal } = await import('./journal.ts');
    const machine = new FakeMachine();
    const { host, places, options } = machine;
    mkdirSync(places.state, { recursive: true });
    const journal = Journal.begin(places.state, 'test', options);
    const installed = () => Promise.reject(new Error('not expected')) as never;
    const parts = { host, places, options, journal, installed, say: () => {}, signal: AbortSignal.any([]) };
    const { units } = createCutover(parts);
    await expect(units.change('stop', neighbour)).rejects.toThrow('none of the units');
    expect(machine.changes).toEqual([]);
  });
});
