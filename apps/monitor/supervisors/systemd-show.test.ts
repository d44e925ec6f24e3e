/** What `systemctl show` prints, as systemd 252 of Debian 12 prints it with LC_ALL=C and TZ=UTC. */
import { describe, expect, it } from 'vitest';
import { sentence } from '../../kit/reason.ts';
import { parseShow, toSupervised, usageOf } from './systemd-show.ts';

const running = `MainPID=812
NRestarts=2
ExecMainStartTimestamp=Mon 2026-11-23 10:00:00 UTC
ExecMainCode=0
ExecMainStatus=0
Result=success
MemoryCurrent=148000768
CPUUsageNSec=1500000000
ControlGroup=/system.slice/vestnik-send-text.service
LoadState=loaded
ActiveState=active
SubState=running
StateChangeTimestamp=Mon 2026-11-23 10:00:01 UTC
`;
const shown = (changes: Record<string, string>) => ({ ...parseShow(running), ...changes });

describe('a unit', () => {
  it('runs since it last changed its state, and tells its restarts', () => {
    expect(toSupervised(parseShow(running))).toEqual({
      state: 'running',
      since: Date.parse('2026-11-23T10:00:01Z'),
      startedAt: Date.parse('2026-11-23T10:00:00Z'),
      restarts: 2,
      detail: null,
    });
  });

  it.each([
    [{ ActiveState: 'inactive', SubState: 'dead' }, 'stopped', null],
    [{ ActiveState: 'active', SubState: 'exited' }, 'stopped', null],
    [{ ActiveState: 'deactivating', SubState: 'stop-sigterm' }, 'stopped', null],
    [{ ActiveState: 'activating', SubState: 'start' }, 'restarting', null],
    [
      { ActiveState: 'activating', SubState: 'auto-restart', Result: 'exit-code', ExecMainStatus: '1' },
      'restarting',
      'exit code 1',
    ],
    [
      { ActiveState: 'failed', Result: 'exit-code', ExecMainCode: '1', ExecMainStatus: '3' },
      'failed',
      'exit code 3',
    ],
    [
      { ActiveState: 'failed', Result: 'signal', ExecMainCode: '2', ExecMainStatus: '11' },
      'failed',
      'ended by signal 11',
    ],
    [{ ActiveState: 'failed', Result: 'oom-kill' }, 'failed', 'out of memory'],
    [
      { ActiveState: 'failed', Result: 'start-limit-hit', ExecMainCode: '1', ExecMainStatus: '1' },
      'failed',
      'exit code 1; it was started too often in too short a time',
    ],
    [{ LoadState: 'masked', ActiveState: 'inactive' }, 'stopped', 'the unit is masked'],
    [{ ActiveState: 'something-new' }, 'unknown', null],
  ])('%o is %s', (changes, state, detail) => {
    const found = toSupervised(shown(changes))!;
    expect(found.state).toBe(state);
    expect(found.detail && sentence(found.detail)).toBe(detail);
  });

  it('is not there when systemd found no file for it, or said nothing', () => {
    expect(toSupervised(shown({ LoadState: 'not-found', ActiveState: 'inactive' }))).toBeUndefined();
    expect(toSupervised(parseShow(''))).toBeUndefined();
  });

  it('that was never started has no times', () => {
    const never = { ActiveState: 'inactive', ExecMainStartTimestamp: '', StateChangeTimestamp: '' };
    expect(toSupervised(shown(never))).toMatchObject({ since: null, startedAt: null });
  });
});

describe('what a unit uses', () => {
  it('is told where systemd accounts for it', () => {
    expect(usageOf(parseShow(running))).toEqual({ memoryBytes: 148_000_768, cpuSeconds: 1.5 });
  });

  it.each(['[not set]', '18446744073709551615', ''])('is not known where it says %j', (value) => {
    expect(usageOf(shown({ MemoryCurrent: value, CPUUsageNSec: value }))).toEqual({
      memoryBytes: null,
      cpuSeconds: null,
    });
  });
});
