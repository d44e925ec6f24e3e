import { appendFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { startProcess } from '../../testkit/process.ts';
import { Audit, type AuditEntry } from './audit.ts';
import { postTo } from '../testing/ask.ts';
import { startStand } from '../testing/stand-ins.ts';

const at = '2026-02-20T10:00:00.000Z';
const entry = (action: string): AuditEntry => ({
  at,
  user: 'admin',
  address: '127.0.0.1',
  service: 'send-text',
  action,
  ok: true,
  detail: null,
});
const log = {
  error: (facts: unknown) => {
    throw new Error('the audit was to be written', { cause: facts });
  },
};
const actions = (audit: Audit) =>
  audit
    .latest(500)
    .map(({ action }) => action)
    .reverse();

let dir: string;
let file: string;

beforeEach(() => {
  dir = temporaryFolder();
  file = join(dir, 'audit.jsonl');
});

describe('the audit', () => {
  it('keeps the newest in two files that do not grow beyond their size', async () => {
    const bytes = 10_000;
    const audit = await Audit.open(file, log, bytes);
    const all = Array.from({ length: 1_000 }, (_, index) => `action ${index}`);
    await Promise.all(all.map((action) => audit.add(entry(action))));
    for (const name of [file, `${file}.1`]) expect(statSync(name).size).toBeLessThan(bytes + 200);
    const again = actions(await Audit.open(file, log, bytes));
    expect(again.length).toBeGreaterThan(50);
    expect(again).toEqual(all.slice(-again.length));
    expect(actions(audit)).toEqual(all.slice(-500));
  });

  it('has all it had where it ended before the first entry of a new file', async () => {
    const audit = await Audit.open(file, log);
    await audit.add(entry('start'));
    renameSync(file, `${file}.1`);
    const next = await Audit.open(file, log);
    await next.add(entry('stop'));
    expect(actions(await Audit.open(file, log))).toEqual(['start', 'stop']);
  });

  it('glues nothing to a line that was cut', async () => {
    const audit = await Audit.open(file, log);
    await audit.add(entry('start'));
    appendFileSync(file, '{"at":"2026-02-20T10');
    const next = await Audit.open(file, log);
    await next.add(entry('stop'));
    expect(actions(await Audit.open(file, log))).toEqual(['start', 'stop']);
  });

  it.each([7, 30, 61])(
    'has what was written when it is killed after %i entries, whatever it was at',
    async (seen) => {
      const script = `import(${JSON.stringify(new URL('audit.ts', import.meta.url).href)}).then(async ({ Audit }) => {
        const audit = await Audit.open(${JSON.stringify(file)}, console, 300);
        for (let n = 0; ; n += 1) {
          await audit.add({ ...${JSON.stringify(entry(''))}, action: String(n) });
          process.stdout.write(n + '\\n');
        }
      })`;
      const writer = startProcess('-e', { args: [script] });
      await writer.says(new RegExp(`^${seen}$`, 'm'));
      await writer.stop('SIGKILL');
      const last = Number(writer.stdout.trim().split('\n').at(-1));
      const kept = actions(await Audit.open(file, log)).map(Number);
      expect(kept.at(-1)).toBeGreaterThanOrEqual(last);
      expect(kept).toEqual(kept.map((_, index) => kept[0]! + index));
    },
  );
});

// What is written to this device fails as on a full disk.
describe.skipIf(process.platform !== 'linux')('on a full disk', () => {
  it('says so in the log, shows the entry, and writes again when there is room', async () => {
    const failures: unknown[] = [];
    const audit = await Audit.open(file, { error: (facts: unknown) => void failures.push(facts) });
    symlinkSync('/dev/full', file);
    expect(await audit.add(entry('stop'))).toBe(false);
    expect(failures).toMatchObject([{ err: { code: 'ENOSPC' }, action: 'stop' }]);
    rmSync(file);
    expect(await audit.add(entry('start'))).toBe(true);
    expect(actions(audit)).toEqual(['stop', 'start']);
    expect(actions(await Audit.open(file, log))).toEqual(['start']);
  });

  it('answers what was done as done, with a note, and what was refused as refused', async () => {
    const stand = await startStand();
    onTestFinished(() => stand.close());
    symlinkSync('/dev/full', join(stand.launcher.dir, 'monitor/audit.jsonl'));
    for (const action of ['restart', 'pause']) {
      const answer = await postTo(stand.url, `/api/services/send-text/${action}`);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({
        ok: true,
        note: expect.stringContaining('cannot write under DATA_DIR'),
        note_causes: [{ code: 'unrecorded' }],
      });
    }
    expect(stand.launcher.asked).toEqual(['restart send-text']);
    stand.launcher.refusal = 'it would not';
    const refused = await postTo(stand.url, '/api/services/send-text/stop', { confirm: 'stop' });
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ class: 'unavailable', detail: 'it would not' });
  });
});
