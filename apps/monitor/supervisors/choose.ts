/** The kinds of supervisors there are, and which of them the settings mean. */
import { oneOf, type Config, type Setting } from '../../kit/config.ts';
import { reason } from '../../kit/reason.ts';
import { dockerKind } from './docker.ts';
import { launcherKind } from './launcher.ts';
import type { Supervisor, SupervisorKind } from './supervisor.ts';
import { systemdKind } from './systemd.ts';
import { createNoSupervisor, withWatchedOnly } from './watched-only.ts';

/** In the order in which `auto` tries them. */
const kinds = [launcherKind, dockerKind, systemdKind] as const;
type Intersection<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer I) => void
  ? I
  : never;
type KindSettings = Intersection<(typeof kinds)[number]['settings']>;

/** The settings of all kinds. */
export const supervisorSettings = Object.assign(
  { SUPERVISOR: oneOf(['auto', ...kinds.map(({ name }) => name)], 'auto') },
  ...kinds.map(({ settings }) => settings),
) as KindSettings & { SUPERVISOR: Setting<string> };

/** The fields of SERVICES by which supervisors know a service. */
export const supervisorHandles = kinds.flatMap(({ handle }: SupervisorKind) => handle ?? []);

export async function chooseSupervisor(
  config: Config<typeof supervisorSettings>,
  all: readonly SupervisorKind[] = kinds,
): Promise<Supervisor> {
  const { SUPERVISOR } = config;
  const kind = all.find((each) =>
    SUPERVISOR === 'auto' ? each.isPresent(config) : each.name === SUPERVISOR,
  );
  if (!kind) {
    return createNoSupervisor('none', reason('no_supervisor'));
  }
  const supervisor = await kind.open(config);
  return kind.handle ? withWatchedOnly(supervisor, kind.handle) : supervisor;
}
