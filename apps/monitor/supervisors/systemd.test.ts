/** systemd behind a systemctl of the test's own: what it is asked, and what its refusals mean. */
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { runCommand, type CommandAnswer, type RunCommand } from './command.ts';
import { createSystemdSupervisor } from './systemd.ts';

const service = {
  name: 'send-text',
  label: 'text',
  url: 'http://127.0.0.1:5022',
  handles: { unit: 'vestnik-send-text.service' },
  account: null,
};

let asked: string[];
beforeEach(() => (asked = []));

/** Answers each command once, in turn, and throws on one more. */
function systemctl(...answers: (Partial<CommandAnswer> | Error)[]): RunCommand {
  return (program, args) => {
    asked.push([program, ...args.filter((arg) => !arg.startsWith('--property'))].join(' '));
    const answer = answers.shift();
    if (answer === undefined) throw new Error(`not expected: ${asked.at(-1)}`);
    if (answer instanceof Error) return Promise.reject(answer);
    return Promise.resolve({ code: 0, stdout: '', stderr: '', ...answer });
  };
}

describe('systemd', () => {
  it('is asked about the unit of the service, behind what ends the options', async () => {
    const stdout = 'LoadState=loaded\nActiveState=active\nSubState=running\nNRestarts=0\n';
    const systemd = createSystemdSupervisor(systemctl({ stdout }));
    expect(await systemd.inspect(service)).toMatchObject({ state: 'running', restarts: 0 });
    expect(asked).toEqual(['systemctl show -- vestnik-send-text.service']);
  });

  it('says which unit it does not have, and that it does not run', async () => {
    const missing = systemctl({ stdout: 'LoadState=not-found\nActiveState=inactive\n' });
    await expect(createSystemdSupervisor(missing).inspect(service)).rejects.toThrow(
      'systemd has no unit named vestnik-send-text.service',
    );
    const stderr = 'System has not been booted with systemd as init system (PID 1). Can’t operate.\n';
    await expect(createSystemdSupervisor(systemctl({ code: 1, stderr })).inspect(service)).rejects.toThrow(
      'systemd does not answer: System has not been booted with systemd',
    );
  });

  it('starts, stops and restarts without asking for a password', async () => {
    const systemd = createSystemdSupervisor(systemctl({}, {}, {}));
    await systemd.act(service, 'start');
    await systemd.act(service, 'stop');
    await systemd.act(service, 'restart');
    expect(asked).toEqual(
      ['start', 'stop', 'restart'].map(
        (verb) => `systemctl --no-ask-password ${verb} -- ${service.handles.unit}`,
      ),
    );
  });

  it.each([
    'Job for x.service failed.\nSee "systemctl status x.service" …\n',
    'Job for x.service failed because the control process exited with error code.\nSee …\n',
    'Job for x.service failed because a fatal signal was delivered to the control process.\nSee …\n',
  ])('starts by hand what systemd has given up, once its count is forgotten: %j', async (stderr) => {
    await createSystemdSupervisor(systemctl({ code: 1, stderr }, {}, {})).act(service, 'start');
    expect(asked.map((command) => command.split(' ')[2])).toEqual(['start', 'reset-failed', 'start']);
  });

  it.each([
    ['Failed to restart x.service: Access denied', 'conflict', 'a polkit rule must allow it'],
    ['Failed to start x.service: Interactive authentication required.', 'conflict', 'polkit'],
    ['Failed to start x.service: Unit x.service not found.', 'unavailable', 'has no unit named'],
    [
      'Job for x.service failed because a timeout was exceeded.\nSee …',
      'unavailable',
      'a timeout was exceeded',
    ],
    ['', 'unavailable', 'it gave no reason'],
  ])('refuses with %j as %s', async (stderr, name, words) => {
    const systemd = createSystemdSupervisor(systemctl({ code: 1, stderr }));
    const refusal: unknown = await systemd.act(service, 'restart').catch((error: unknown) => error);
    expect(refusal).toMatchObject({ class: name, message: expect.stringContaining(words) as string });
  });

  it('counts the processes of a unit itself where systemd does not', async () => {
    const stdout = `LoadState=loaded\nMemoryCurrent=[not set]\nCPUUsageNSec=[not set]\nControlGroup=\nMainPID=${process.pid}\n`;
    const usage = await createSystemdSupervisor(systemctl({ stdout })).usage(service);
    expect(usage.memoryBytes).toBeGreaterThan(10_000_000);
    expect(usage.cpuSeconds).toBeGreaterThan(0);
  });
});

describe('a program of the system', () => {
  let dir: string;
  beforeEach(() => void (dir = temporaryFolder()));
  const script = async (text: string) => {
    const file = join(dir, 'program');
    await writeFile(file, `#!/bin/sh\n${text}\n`);
    await chmod(file, 0o755);
    return file;
  };

  it('answers with its code and its words, whatever they are', async () => {
    const program = await script('echo "$1 $LC_ALL $TZ"; echo wrong >&2; exit 4');
    expect(await runCommand(program, ['said; rm'], 5_000)).toEqual({
      code: 4,
      stdout: 'said; rm C UTC\n',
      stderr: 'wrong\n',
    });
  });

  it('is ended when it hangs', async () => {
    const program = await script('exec sleep 60');
    await expect(runCommand(program, [], 200)).rejects.toThrow('gave no answer in 200 ms');
  });

  it('that is not there, or may not be run, is told', async () => {
    await expect(runCommand('no-such-systemctl', [], 1_000)).rejects.toThrow('there is no no-such-systemctl');
    const file = join(dir, 'text');
    await writeFile(file, '');
    await expect(runCommand(file, [], 1_000)).rejects.toThrow('may not be run');
  });
});
