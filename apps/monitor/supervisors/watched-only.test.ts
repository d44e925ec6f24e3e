import { expect, it } from 'vitest';
import type { WatchedService } from '../model/services.ts';
import type { Supervisor } from './supervisor.ts';
import { systemdKind } from './systemd.ts';
import { withWatchedOnly } from './watched-only.ts';

const service = (name: string, unit: string): WatchedService => ({
  name,
  label: name,
  url: 'http://127.0.0.1:1',
  handles: unit === '' ? {} : { unit },
  account: null,
});
const [kept, other] = [service('kept', 'kept.service'), service('other', '')];
const asked: string[] = [];
const stub: Supervisor = {
  kind: 'systemd',
  refusal: null,
  inspect: ({ name }) => {
    asked.push(`inspect ${name}`);
    return Promise.resolve({ state: 'running', since: null, startedAt: null, restarts: 0, detail: null });
  },
  usage: () => Promise.reject(new Error('not expected')),
  act: ({ name }, action) => {
    asked.push(`${action} ${name}`);
    return Promise.resolve();
  },
  sources: (services) => {
    asked.push(`lines of ${services.map(({ name }) => name).join()}`);
    return [];
  },
};

it('asks the supervisor of nothing that the list names no unit for', async () => {
  const supervisor = withWatchedOnly(stub, systemdKind.handle!);
  expect(await supervisor.inspect(kept)).toMatchObject({ state: 'running' });
  const refusal = 'it is only watched: SERVICES names no unit of systemd for it';
  expect(await supervisor.inspect(other)).toMatchObject({
    state: 'unknown',
    refusal: { code: 'watched_unit' },
  });
  await expect(supervisor.act(other, 'stop')).rejects.toMatchObject({ class: 'conflict', message: refusal });
  await supervisor.act(kept, 'stop');
  expect(await supervisor.usage(other)).toEqual({ memoryBytes: null, cpuSeconds: null });
  supervisor.sources([kept, other]);
  expect(asked).toEqual(['inspect kept', 'stop kept', 'lines of kept']);
});
