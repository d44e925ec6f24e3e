/** systemd, asked through systemctl about one unit for each service, and through journalctl for their lines. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Problem } from '../../kit/errors.ts';
import { reason, type Reason } from '../../kit/reason.ts';
import type { WatchedService } from '../model/services.ts';
import { runCommand, type RunCommand } from './command.ts';
import { journalSource, unitOf } from './journal.ts';
import { usageOfProcesses } from './process-usage.ts';
import { supervisorKind, type Supervisor } from './supervisor.ts';
import { parseShow, shownProperties, toSupervised, usageOf, type Shown } from './systemd-show.ts';

const inspectMs = 2_000;
/** A stop may take ten seconds, and a start as long again. */
const actMs = 25_000;
/** Of a unit that was started too often, systemctl says how its last start failed, not that this one was refused. */
const mayBeGivenUp = /^Job for \S+ failed(?! because a timeout)/;

export const systemdKind = supervisorKind({
  name: 'systemd',
  settings: {},
  handle: {
    field: 'unit',
    takes: 'the name of a systemd service such as vestnik-send-text.service',
    // Its first letter keeps it from being read as an option.
    pattern: /^[\w@][\w@.:\\-]*\.service$/,
    ofGateway: (name) => `vestnik-${name}.service`,
    none: reason('watched_unit'),
  },
  /** As sd_booted(3) finds out. */
  isPresent: () => existsSync('/run/systemd/system'),
  open: () => createSystemdSupervisor(),
});

/** A supervisor behind systemctl; tests give another way to run it. */
export function createSystemdSupervisor(run: RunCommand = runCommand): Supervisor {
  const show = async (service: WatchedService): Promise<Shown> => {
    const properties = `--property=${shownProperties.join(',')}`;
    const { code, stdout, stderr } = await run(
      'systemctl',
      ['show', properties, '--', unitOf(service)],
      inspectMs,
    );
    if (code !== 0) throw new Problem('unavailable', reason('systemd_silent', { reason: firstLine(stderr) }));
    return parseShow(stdout);
  };
  const control = (verb: string, unit: string) =>
    run('systemctl', ['--no-ask-password', verb, '--', unit], actMs);

  return {
    kind: 'systemd',
    refusal: null,
    inspect: async (service) => {
      const supervised = toSupervised(await show(service));
      if (!supervised) throw new Problem('unavailable', reason('no_unit', { unit: unitOf(service) }));
      return supervised;
    },
    usage: async (service) => {
      const shown = await show(service);
      const stated = usageOf(shown);
      if (stated.memoryBytes !== null && stated.cpuSeconds !== null) return stated;
      const counted = await usageOfProcesses(await processesOf(shown));
      return {
        memoryBytes: stated.memoryBytes ?? counted.memoryBytes,
        cpuSeconds: stated.cpuSeconds ?? counted.cpuSeconds,
      };
    },
    act: async (service, action) => {
      const unit = unitOf(service);
      let answer = await control(action, unit);
      if (action !== 'stop' && mayBeGivenUp.test(answer.stderr)) {
        // systemd counts the starts by hand as well; the operator means this one.
        await control('reset-failed', unit);
        answer = await control(action, unit);
      }
      if (answer.code !== 0) throw refused(action, unit, answer.stderr);
    },
    sources: (services) => (services.length === 0 ? [] : [journalSource(services)]),
  };
}

/** All processes of the unit, or its main one where its control group cannot be read. */
async function processesOf({ ControlGroup, MainPID }: Shown): Promise<number[]> {
  const listed = ControlGroup
    ? await readFile(`/sys/fs/cgroup${ControlGroup}/cgroup.procs`, 'utf8').catch(() => '')
    : '';
  const pids = listed
    .split('\n')
    .map(Number)
    .concat(Number(MainPID ?? 0));
  return [...new Set(pids.filter((pid) => pid > 0))];
}

function refused(verb: string, unit: string, stderr: string): Problem {
  const why = firstLine(stderr);
  if (typeof why === 'string' && /not found|not loaded/i.test(why))
    return new Problem('unavailable', reason('no_unit', { unit }));
  if (typeof why === 'string' && /access denied|authentication required|permission denied/i.test(why))
    return new Problem('conflict', reason('no_polkit', { verb, unit }));
  return new Problem('unavailable', reason('systemd_did_not', { verb, unit, reason: why }));
}

function firstLine(text: string): string | Reason {
  return text.trim().split('\n', 1)[0] || reason('no_reason');
}
