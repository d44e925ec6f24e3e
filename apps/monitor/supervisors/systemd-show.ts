/** Reads what `systemctl show` tells of one unit. */
import { reason, type Reason } from '../../kit/reason.ts';
import type { State, Supervised, Usage } from './supervisor.ts';

/** The properties that are asked for. */
export const shownProperties = [
  'LoadState',
  'ActiveState',
  'SubState',
  'Result',
  'ExecMainCode',
  'ExecMainStatus',
  'NRestarts',
  'MainPID',
  'ControlGroup',
  'MemoryCurrent',
  'CPUUsageNSec',
  'ExecMainStartTimestamp',
  'StateChangeTimestamp',
] as const;

export type Shown = Readonly<Partial<Record<string, string>>>;

/** `Name=value` lines; a value may hold further equal signs. */
export function parseShow(output: string): Shown {
  const lines = output.split('\n').filter((line) => line.includes('='));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}

/** What the properties mean for the service; undefined when systemd has no such unit. */
export function toSupervised(shown: Shown): Supervised | undefined {
  if (shown.LoadState === undefined || shown.LoadState === 'not-found') return undefined;
  const state = stateOf(shown);
  const since = timeOf(shown.StateChangeTimestamp);
  return {
    state,
    since,
    startedAt: state === 'running' ? (timeOf(shown.ExecMainStartTimestamp) ?? since) : null,
    restarts: countOf(shown.NRestarts),
    detail: detailOf(shown, state),
  };
}

/** `[not set]`, or the largest number of 64 bits, where systemd does not account. */
export function usageOf(shown: Shown): Usage {
  const cpuNs = countOf(shown.CPUUsageNSec);
  return { memoryBytes: countOf(shown.MemoryCurrent), cpuSeconds: cpuNs === null ? null : cpuNs / 1e9 };
}

function stateOf({ ActiveState = '', SubState, LoadState }: Shown): State {
  switch (ActiveState) {
    case 'active':
    case 'reloading':
    case 'refreshing':
      // A unit whose process has ended may stay active, as one of Type=oneshot does.
      return SubState === 'exited' ? 'stopped' : 'running';
    case 'activating':
      return 'restarting';
    case 'failed':
      return 'failed';
    case 'inactive':
    case 'deactivating':
    case 'maintenance':
      return 'stopped';
    default:
      return LoadState === 'masked' ? 'stopped' : 'unknown';
  }
}

const results: Readonly<Record<string, Reason>> = {
  'oom-kill': reason('out_of_memory'),
  timeout: reason('not_in_time'),
  watchdog: reason('watchdog'),
  'start-limit-hit': reason('too_often'),
  resources: reason('lacks_resources'),
  protocol: reason('never_ready'),
};

function detailOf(
  { LoadState, Result = '', ExecMainCode, ExecMainStatus: status = '' }: Shown,
  state: State,
): Reason | null {
  if (LoadState === 'masked') return reason('unit_masked');
  if (LoadState === 'bad-setting' || LoadState === 'error') return reason('unit_wrong', { error: LoadState });
  if (state === 'running' || Result === '' || Result === 'success') return null;
  if (Result === 'exit-code') return reason('exit_code', { status });
  // ExecMainCode is the kernel's code of an end: 1 by itself, 2 by a signal, 3 by one that dumped core.
  if (Result === 'start-limit-hit' && ExecMainCode === '1')
    return reason('exit_because', { status, reason: reason('too_often') });
  if (Result === 'signal' || Result === 'core-dump') return reason('ended_by_signal', { signal: status });
  return results[Result] ?? reason('verbatim', { text: Result });
}

/** `Mon 2026-11-23 10:00:00 UTC`, as systemd writes times in the time zone it is given; empty for never. */
function timeOf(text: string | undefined): number | null {
  const [, day, time] = /^\w{3} (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) UTC$/.exec(text ?? '') ?? [];
  const parsed = day && time ? Date.parse(`${day}T${time}Z`) : NaN;
  return parsed > 0 ? parsed : null;
}

function countOf(text: string | undefined): number | null {
  if (text === undefined || !/^\d+$/.test(text) || text === '18446744073709551615') return null;
  return Number(text);
}
