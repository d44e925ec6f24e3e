import { describe, expect, it } from 'vitest';
import { chooseSupervisor } from './choose.ts';
import { dockerKind } from './docker.ts';
import { launcherKind } from './launcher.ts';
import { systemdKind } from './systemd.ts';

const service = {
  name: 'send-text',
  label: 'text',
  url: 'http://send-text:5022',
  handles: {},
  account: null,
};

describe('the choice of a supervisor', () => {
  const choose = (config: object, isSystemdUp = false) =>
    chooseSupervisor({ SUPERVISOR: 'auto', LAUNCHER_SOCKET: undefined, DOCKER_HOST: undefined, ...config }, [
      launcherKind,
      dockerKind,
      { ...systemdKind, isPresent: () => isSystemdUp },
    ]);

  it('falls by itself on the launcher, then on a Docker that is named, else on none', async () => {
    expect((await choose({ LAUNCHER_SOCKET: '/s', DOCKER_HOST: 'unix:///d' })).kind).toBe('process');
    expect((await choose({ DOCKER_HOST: 'unix:///d' })).kind).toBe('docker');
    expect(await choose({})).toMatchObject({ kind: 'none', refusal: { code: 'no_supervisor' } });
  });

  it('takes systemd where it is what runs the machine, and nothing else is configured', async () => {
    expect((await choose({}, true)).kind).toBe('systemd');
    expect((await choose({ SUPERVISOR: 'systemd' })).kind).toBe('systemd');
    expect((await choose({ LAUNCHER_SOCKET: '/s' }, true)).kind).toBe('process');
    expect((await choose({ DOCKER_HOST: 'unix:///d' }, true)).kind).toBe('docker');
  });

  it('knows nothing where it cannot, and says why', async () => {
    const none = await choose({ SUPERVISOR: 'process' });
    expect(none.refusal).toEqual({ code: 'no_launcher', values: {} });
    expect(await none.inspect(service)).toMatchObject({ state: 'unknown', detail: none.refusal });
    await expect(none.act(service, 'stop')).rejects.toThrow('LAUNCHER_SOCKET');
  });
});
