import { describe, expect, it } from 'vitest';
import { afterCheck, noMisses, type AlertState } from './alert-rules.ts';

/** What a run of checks leads to: `.` is a good one, `x` a miss, `p` a planned one; each a minute after the one before. */
function run(checks: string, before: AlertState = noMisses) {
  const changes: string[] = [];
  let state = before;
  [...checks].forEach((sign, minute) => {
    const at = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
    const ok = sign === '.';
    const check = {
      at,
      ok,
      latency_ms: ok ? 3 : null,
      status: null,
      reason: ok ? null : 'connection refused',
      cause: null,
      planned: sign === 'p',
    };
    const after = afterCheck(state, check);
    state = after.state;
    if (after.change) changes.push(`${after.change.type} at ${minute}`);
  });
  return { changes, state };
}

describe('an alert', () => {
  it.each([
    ['xx.xx.xx', []],
    ['xxx', ['began at 2']],
    ['xxxxxxx', ['began at 2']],
    ['xxx.', ['began at 2']],
    ['xxx..', ['began at 2', 'ended at 4']],
    ['xxx.x.x.x', ['began at 2']],
    ['xxx.xxx..', ['began at 2', 'ended at 8']],
    ['xxx..xx..xxx', ['began at 2', 'ended at 4', 'began at 11']],
    ['......', []],
    ['pppp', []],
    ['xxppppx', ['began at 6']],
    ['xxxpp..', ['began at 2', 'ended at 6']],
  ])('begins with three misses in a row and ends with two good checks: %s', (checks, changes) => {
    expect(run(checks).changes).toEqual(changes);
  });

  it('knows since when, why, and how many checks were missed', () => {
    expect(run('..xxxx.x').state.alert).toEqual({
      since: '2026-01-01T00:02:00.000Z',
      began_at: '2026-01-01T00:04:00.000Z',
      reason: 'connection refused',
      cause: null,
      misses: 5,
    });
  });

  it('goes on from what was remembered', () => {
    expect(run('x', run('xx').state).changes).toEqual(['began at 0']);
    expect(run('x', run('xxx').state).changes).toEqual([]);
    expect(run('.', run('xxx.').state).changes).toEqual(['ended at 0']);
  });
});
