/** The cutover on a real systemd, from two services in Python to ours: done, planned, cut off everywhere, and failing at each step. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { whyNoDebian } from '../engines/booted-debian.ts';
import { MovingDebian, newUnits, oldUnits } from './testing/moving-debian.ts';

const whyNot = await whyNoDebian();
if (whyNot && process.env.CI) throw new Error(`not to be skipped where CI is set: ${whyNot}`);

const old = ['the old service', 'the old service'];
const ours = ['send-text', 'send-media'];

/** Makes a step fail; what it returns puts that right. */
type Fault = (machine: MovingDebian) => Promise<() => Promise<unknown>>;

const refuseStop =
  (unit: string): Fault =>
  (machine) =>
    machine.dropIn(unit, '[Unit]\\nRefuseManualStop=yes\\n');
const refuseStart =
  (unit: string): Fault =>
  (machine) =>
    machine.dropIn(unit, '[Service]\\nExecStartPre=/bin/false\\n');
const refuseSend =
  (method: string): Fault =>
  async ({ sandbox }) => {
    await sandbox.post('/faults', [{ method, error: 'CHAT_WRITE_FORBIDDEN', times: 1 }]);
    return () => sandbox.post('/faults', []);
  };

/** What fails before anything runs, by the title of the step. */
const faults: readonly (readonly [string, Fault])[] = [
  [
    'check units, ports',
    async (machine) => {
      await machine.sandbox.close();
      return () => machine.sandbox.restart();
    },
  ],
  [
    'keep the new services from starting',
    async ({ debian }) => {
      const folder = '/etc/systemd/system/multi-user.target.wants';
      await debian.run('sh', '-c', `mount --bind ${folder} ${folder} && mount -o remount,ro,bind ${folder}`);
      return () => debian.run('umount', folder);
    },
  ],
  [
    'import both sessions',
    async ({ debian }) => {
      const version = (number: number) => [
        ...['python3', '-c', 'import sqlite3, sys; c = sqlite3.connect("/opt/old/media.session")\n'],
        `c.execute("update version set version = ${number}"); c.commit()`,
      ];
      const run = (number: number) =>
        debian.run(...version(number).slice(0, 2), version(number).slice(2).join(''));
      await run(99);
      return () => run(7);
    },
  ],
  ['stop the old text service', refuseStop(oldUnits[0])],
  ['start the new text service', refuseStart(newUnits[0])],
  ['verify the new text service', refuseSend('messages.sendMessage')],
  ['stop the old media service', refuseStop(oldUnits[1])],
  ['start the new media service', refuseStart(newUnits[1])],
  ['verify the new media service', refuseSend('messages.sendMedia')],
];

describe.skipIf(whyNot)(`moving in${whyNot ? ` (skipped: ${whyNot})` : ''}`, { timeout: 600_000 }, () => {
  let machine: MovingDebian;
  let before: string;
  let neighbours: string;

  beforeAll(async () => {
    machine = await MovingDebian.create();
    before = await machine.picture();
    neighbours = await machine.neighbours();
  });
  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    const journal = await machine.debian.run(
      'journalctl',
      '--no-pager',
      '-n',
      '60',
      '-u',
      'vestnik-send*',
      '-u',
      'tg-*',
    );
    console.log(`${task.name}:\n${machine.told()}\n${journal}`);
  });

  const allIsAsBefore = async (picture = before) => {
    expect(await machine.picture()).toBe(picture);
    expect(await machine.answers()).toEqual(old);
    expect(await machine.neighbours()).toBe(neighbours);
  };
  const toSelf = async () =>
    (await machine.sandbox.report()).delivered.filter(({ text }) => text.startsWith('Vestnik has'));

  it('checks and plans with --dry-run, and changes nothing', async () => {
    const { code, told } = await machine.cutover(...machine.arguments, '--dry-run');
    expect(told).toContain('ok: Telegram answers');
    expect(told).toContain('would: systemctl stop tg-send-text.service');
    expect(code).toBe(0);
    await allIsAsBefore();
    expect(await machine.debian.run('ls', '/var/lib')).not.toContain('vestnik-cutover');
  });

  it.each(faults)('puts all back as it was when it fails at: %s', async (title, fault) => {
    const repair = await fault(machine);
    const faulty = await machine.picture();
    const { code, told } = await machine.cutover(...machine.arguments);
    const after = await machine.picture();
    await repair();
    expect(told).toMatch(new RegExp(`Failed: ${title}`));
    expect(told).toContain('The old services are as they were before.');
    expect(code).toBe(1);
    expect(after).toBe(faulty);
    before = await machine.picture();
    await allIsAsBefore();
  });

  it('puts all back as it was when something to back up is not there', async () => {
    const { code, told } = await machine.cutover(...machine.arguments, '--also', '/opt/gone');
    expect(told).toContain('Failed: back up');
    expect(code).toBe(1);
    await allIsAsBefore();
  });

  it.each([
    ['pause', newUnits[0]],
    ['watch', newUnits[1]],
  ])('puts all back as it was when a new service dies in: %s', async (title, unit) => {
    await machine.start(...machine.arguments);
    await machine.says((told) => told.includes(title === 'pause' ? 'waiting' : '] watch both'));
    await machine.debian.run('kill', '-KILL', await machine.debian.property(unit, 'MainPID'));
    const { code, told } = await machine.ended();
    expect(told).toMatch(new RegExp(`Failed: ${title}`));
    expect(code).toBe(1);
    await allIsAsBefore();
  });

  it('brings both over though it is killed in step after step, sends to oneself once from each, and goes back', async () => {
    await machine.sandbox.post('/reset', []);
    let args = machine.arguments;
    let [step, kills] = [0, 0];
    while (step < 12) {
      await machine.start(...args);
      await machine.says((told) => lastStep(told) > step);
      await machine.signal('KILL');
      step = lastStep((await machine.ended()).told);
      kills++;
      args = [];
    }
    expect(kills).toBeGreaterThan(6);
    const { code, told } = await machine.cutover();
    expect(told).toContain('Done: both new services send');
    expect(code).toBe(0);
    expect(await machine.answers()).toEqual(ours);
    expect(await machine.neighbours()).toBe(neighbours);
    expect((await toSelf()).map(({ media }) => media?.kind)).toEqual([undefined, 'photo']);
    for (const [index, unit] of oldUnits.entries()) {
      expect(await machine.debian.property(unit, 'UnitFileState')).toBe('disabled');
      const gone = Number(await machine.debian.property(unit, 'InactiveEnterTimestampMonotonic'));
      const began = Number(await machine.debian.property(newUnits[index]!, 'InactiveExitTimestampMonotonic'));
      expect(began).toBeGreaterThan(gone);
    }
    const log = await machine.debian.run(
      'sh',
      '-c',
      'cat /var/lib/vestnik-cutover/cutover.log; ls -lR /var/lib/vestnik-cutover',
    );
    for (const key of await keysOf(machine)) expect(log).not.toContain(key);

    const back = await machine.cutover('--back');
    expect(back.told).toContain('The old services are as they were before.');
    expect(back.code).toBe(0);
    await allIsAsBefore();
  });

  it('goes on after a boot in the middle, with neither service of the side started by that', async () => {
    await machine.start(...machine.arguments);
    await machine.says((told) => told.includes('[6/12]'));
    await machine.signal('INT');
    const { code, told } = await machine.ended();
    expect(told).toContain('npm run cutover goes on');
    expect(code).toBe(130);
    await machine.debian.run('systemctl', 'stop', newUnits[0]);
    await machine.debian.run('systemctl', 'disable', '--quiet', newUnits[0]);
    await machine.debian.reboot();
    expect(await machine.debian.property(oldUnits[0], 'ActiveState')).toBe('inactive');
    expect(await machine.debian.property(newUnits[0], 'ActiveState')).toBe('inactive');
    const went = await machine.cutover();
    expect(went.told).toContain('Done: both new services send');
    expect(await machine.answers()).toEqual(ours);
  });
});

/** The number of the step that was begun last. */
function lastStep(told: string): number {
  return Math.max(0, ...[...told.matchAll(/\[(\d+)\/12\]/g)].map(([, number]) => Number(number)));
}

/** Both keys, as they could be printed. */
async function keysOf({ debian }: MovingDebian): Promise<string[]> {
  const script = `import sqlite3, base64
for side in ("text", "media"):
    key = sqlite3.connect("/opt/old/%s.session" % side).execute("select auth_key from sessions").fetchone()[0]
    print(key.hex(), base64.b64encode(key).decode(), sep="\\n")`;
  return (await debian.run('python3', '-c', script)).trim().split('\n');
}
