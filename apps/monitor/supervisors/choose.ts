/** Which supervisor the settings mean. */
import { existsSync } from 'node:fs';
import type { MonitorConfig } from '../settings.ts';
import { createDockerSupervisor } from './docker.ts';
import { createLauncherSupervisor } from './launcher.ts';
import { createNoSupervisor } from './none.ts';
import type { Supervisor } from './supervisor.ts';
import { createSystemdSupervisor } from './systemd.ts';
import { withWatchedOnly } from './watched-only.ts';

type Chosen = Pick<MonitorConfig, 'SUPERVISOR' | 'LAUNCHER_SOCKET' | 'DOCKER_HOST'>;

/**
 * `auto` takes the launcher that started this process, then a Docker that DOCKER_HOST names, then the systemd of this
 * machine, where it is the one that runs it.
 */
export async function chooseSupervisor(config: Chosen, isSystemdUp = systemdRuns()): Promise<Supervisor> {
  const { SUPERVISOR, LAUNCHER_SOCKET, DOCKER_HOST } = config;
  if (SUPERVISOR === 'docker' || (SUPERVISOR === 'auto' && !LAUNCHER_SOCKET && DOCKER_HOST)) {
    return withWatchedOnly(await createDockerSupervisor(DOCKER_HOST), 'container');
  }
  if (SUPERVISOR === 'systemd' || (SUPERVISOR === 'auto' && !LAUNCHER_SOCKET && isSystemdUp)) {
    return withWatchedOnly(createSystemdSupervisor(), 'unit');
  }
  if (LAUNCHER_SOCKET) return createLauncherSupervisor(LAUNCHER_SOCKET);
  if (SUPERVISOR === 'process') {
    return createNoSupervisor(
      'process',
      'the monitor was not started by npm start: LAUNCHER_SOCKET is not set',
    );
  }
  return createNoSupervisor('none', 'nothing that starts and stops services is configured: set SUPERVISOR');
}

/** As sd_booted(3) tells it. */
function systemdRuns(): boolean {
  return existsSync('/run/systemd/system');
}
