import { describe, expect, it } from 'vitest';
import { reason } from '../../kit/reason.ts';
import type { Supervised } from '../supervisors/supervisor.ts';
import { parseSamples } from './prometheus-text.ts';
import type { Scrape } from './gateway.ts';
import { healthAnswer, statsAnswer } from './gateway-answers.ts';
import { createView, type ViewInput } from './service-view.ts';

const service = {
  name: 'send-text',
  label: 'text',
  url: 'http://127.0.0.1:5022',
  handles: {},
  account: null,
};
const silent: Scrape = { at: 10_000, lacks: [], health: null, stats: null, metrics: null, faults: [] };
const unknown: Supervised = {
  state: 'unknown',
  since: null,
  startedAt: null,
  restarts: null,
  detail: reason('no_lines'),
};
const view = (input: Partial<ViewInput>) =>
  createView({
    service,
    supervisor: { kind: 'none', refusal: reason('no_supervisor') },
    supervised: unknown,
    scrape: silent,
    previous: undefined,
    silentSince: null,
    notes: { alert: null, delayed: null, loggedErrors: null, unread: null },
    used: null,
    usedBefore: null,
    ...input,
  });
const cpu = (at: number, seconds: number, startedAt = 0): Scrape => ({
  ...silent,
  at,
  metrics: parseSamples(`process_cpu_seconds_total ${seconds}\nprocess_start_time_seconds ${startedAt}`),
});

describe('a service without a supervisor', () => {
  it('runs when it answers, and may be anything when it does not', () => {
    expect(view({ scrape: { ...silent, health: healthAnswer.parse({ status: 'ok' }) } }).state).toBe(
      'running',
    );
    expect(view({ silentSince: 5_000 })).toMatchObject({
      state: 'unknown',
      since: '1970-01-01T00:00:05.000Z',
      control: { available: false, reason: expect.stringContaining('set SUPERVISOR') },
    });
  });
});

describe('times that are none', () => {
  it('are null, whatever else the service says', () => {
    const stats = statsAnswer.parse({
      last_request_at: 'yesterday',
      cache: { size: 7, warmed_at: '' },
      floods: [{ scope: 'account', until: 'soon', seconds: 26 }],
    });
    const metrics = parseSamples('telegram_gateway_last_sent_timestamp_seconds 1e300');
    expect(
      view({ scrape: { ...silent, stats, metrics, health: healthAnswer.parse({ last_sent_at: '9999' }) } }),
    ).toMatchObject({
      last_request_at: null,
      cache_warmed_at: null,
      last_sent_at: '9999',
      cache_size: 7,
      floods: [{ scope: 'account', until: null, seconds: 26 }],
    });
  });
});

describe('processor time', () => {
  it('is told over the time between two looks', () => {
    expect(view({ scrape: cpu(12_000, 3), previous: cpu(10_000, 2) }).cpu_percent).toBe(50);
  });

  it('is told since the start at the first look, and after a restart', () => {
    expect(view({ scrape: cpu(10_000, 1) }).cpu_percent).toBe(10);
    expect(view({ scrape: cpu(12_000, 0.5, 11), previous: cpu(10_000, 2, 0) }).cpu_percent).toBe(50);
  });
});

describe('a service that has no numbers of its own', () => {
  it('has those of its supervisor, and the errors counted in its lines', () => {
    const notes = { alert: null, delayed: null, loggedErrors: { flood_wait: 4 }, unread: null };
    const usedBefore = { memoryBytes: 1, cpuSeconds: 7 };
    const used = { memoryBytes: 48_000_000, cpuSeconds: 8 };
    const looked = { scrape: { ...silent, at: 14_000 }, previous: silent, used, usedBefore, notes };
    expect(view(looked)).toMatchObject({
      memory_bytes: 48_000_000,
      cpu_percent: 25,
      errors_by_class: { flood_wait: 4 },
    });
    expect(view({ ...looked, used: { memoryBytes: null, cpuSeconds: 1 } }).cpu_percent).toBeNull();
  });
});

describe('what a service does not offer', () => {
  it('is taken from /stats where /metrics lacks it, and is null where both do', () => {
    const stats = statsAnswer.parse({
      cache: { size: 7 },
      errors: { by_class: { flood_wait: 2, odd: 'x' } },
      queue: { depth: 1 },
    });
    expect(view({ scrape: { ...silent, stats } })).toMatchObject({
      cache_size: 7,
      errors_by_class: { flood_wait: 2 },
      queue: { depth: 1, oldest_s: null, paused: false },
      memory_bytes: null,
      floods: null,
    });
  });

  it('does no harm where it has another type', () => {
    const stats = statsAnswer.parse({
      cache: [],
      queue: 'full',
      floods: [null, { scope: 'strangers', seconds: 9 }],
      sandbox: 'yes',
    });
    expect(view({ scrape: { ...silent, stats } })).toMatchObject({
      cache_size: null,
      queue: null,
      sandbox: null,
      floods: [
        { scope: '', until: null, seconds: 0, holds: true },
        { scope: 'strangers', until: null, seconds: 9, holds: true },
      ],
    });
  });
});

describe('the exposition format', () => {
  it('is read with labels, escapes and special values', () => {
    const samples = parseSamples(
      '# TYPE a counter\na{class="x\\"y\\n",b="2"} 3 1790000000\nb +Inf\nnot a sample\n',
    );
    expect(samples.get('a')).toEqual([{ labels: { class: 'x"y\n', b: '2' }, value: 3 }]);
    expect(samples.get('b')).toEqual([{ labels: {}, value: Infinity }]);
    expect(samples.size).toBe(2);
  });
});
