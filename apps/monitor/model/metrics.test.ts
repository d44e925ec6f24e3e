import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getFrom, postTo } from '../testing/ask.ts';
import { startStand, type MonitorStand } from '../testing/stand-ins.ts';

const promtool = '/usr/bin/promtool';
const skipped = existsSync(promtool) ? '' : ' (skipped: it is not installed)';

let stand: MonitorStand;
beforeEach(async () => void (stand = await startStand({ HEALTH_INTERVAL_S: '0.1' })));
afterEach(() => stand.close());
const metrics = async () => (await getFrom(stand.url, '/metrics', {})).text();

describe('the metrics of the monitor', () => {
  it('count checks, alerts, actions and what was not answered, by service', async () => {
    await stand.media.close();
    await postTo(stand.url, '/api/services/send-text/restart');
    await expect.poll(metrics).toContain('alert_active{service="send-media"} 1');
    const text = await metrics();
    for (const sample of [
      /^vestnik_monitor_health_checks_total\{service="send-text",result="ok"\} \d+$/m,
      /^vestnik_monitor_health_checks_total\{service="send-media",result="miss"\} \d+$/m,
      /^vestnik_monitor_health_check_seconds_count\{service="send-text"\} \d+$/m,
      /^vestnik_monitor_alerts_total\{service="send-media",change="began"\} 1$/m,
      /^vestnik_monitor_alert_active\{service="send-text"\} 0$/m,
      /^vestnik_monitor_actions_total\{service="send-text",action="restart",outcome="ok"\} 1$/m,
      /^vestnik_monitor_scrape_failures_total\{service="send-media",path="\/health"\} \d+$/m,
    ])
      expect(text).toMatch(sample);
  });

  it.skipIf(skipped !== '')(`are clean to promtool${skipped}`, async () => {
    const checking = promisify(execFile)(promtool, ['check', 'metrics'], { timeout: 20_000 });
    checking.child.stdin!.end(await metrics());
    expect(await checking).toMatchObject({ stdout: '', stderr: '' });
  });
});
