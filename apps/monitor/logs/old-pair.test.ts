/** The monitor installed first: it reads the journal of the old pair, and goes on reading when the gateways take over. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { createLogger } from '../../kit/log.ts';
import { manualClock } from '../../kit/testing/manual-clock.ts';
import { readMonitorConfig } from '../settings.ts';
import { journalSource } from '../supervisors/journal.ts';
import { Follower } from './follower.ts';
import { quietMs } from './intake.ts';
import { everyLine } from './log-rows.ts';
import { LogStore } from './log-store.ts';

const recorded = join(import.meta.dirname, '../testing/old-pair.journal');
/** As it stands in the settings of who moves in: both pairs, each by its units. */
const pairs = JSON.stringify(
  ['text', 'media'].flatMap((kind, index) => {
    const url = `http://127.0.0.1:${5022 + index}`;
    return [
      { name: `old-${kind}`, url, unit: `tg-send-${kind}.service`, account: 'main' },
      { name: `send-${kind}`, url, unit: `vestnik-send-${kind}.service`, account: 'main' },
    ];
  }),
);
const movedAt = Date.parse('2026-02-20T10:10:00Z');

let dir: string;
let store: LogStore;
let follower: Follower;
beforeEach(async () => {
  dir = temporaryFolder();
  const journalctl = join(dir, 'journalctl');
  writeFileSync(journalctl, `#!/bin/sh\ncat "${recorded}"\nexec sleep 1000\n`);
  chmodSync(journalctl, 0o755);
  store = LogStore.open(join(dir, 'logs.sqlite'));
  const source = journalSource(readMonitorConfig({ SERVICES: pairs }).SERVICES, journalctl);
  const clock = manualClock(movedAt);
  follower = new Follower({ source, store, clock, log: createLogger('monitor', 'silent') });
  const read = new Promise<void>((resolve) => {
    store.onAppend(() => store.countsOf('send-media').banned && resolve());
  });
  follower.start();
  await read;
  await clock.advance(quietMs); // For what could have been gone on with.
});
afterEach(async () => {
  await follower.stop();
  store.close();
});

it('the errors of the old pair and of the gateways stand beside each other by class', () => {
  expect(store.countsOf('old-text')).toEqual({
    flood_wait: 3,
    cannot_resolve: 1,
    persistent_timestamp: 1,
  });
  expect(store.countsOf('old-media')).toEqual({
    flood_wait: 1,
    cannot_resolve: 1,
    banned: 1,
    write_forbidden: 1,
    storage_failed: 1,
    other: 1,
  });
  expect(store.countsOf('send-text')).toEqual({ flood_wait: 1 });
  expect(store.countsOf('send-media')).toEqual({ banned: 1 });
});

it('what came after the move can be shown alone', () => {
  const all = store.newest(everyLine, 100, null);
  const after = store.newest({ ...everyLine, since: movedAt }, 100, null);
  expect(after.map(({ service, class: name }) => `${service}: ${name}`)).toEqual([
    'send-text: flood_wait',
    'send-media: banned',
  ]);
  expect(all.length - after.length).toBe(11);
});

it('an error of the old pair has its chat, its level and the end of its traceback', () => {
  const old = store.newest({ ...everyLine, services: ['old-media'] }, 100, null);
  expect(old.map(({ level, chat, message }) => [level, chat, message])).toContainEqual([
    'ERROR',
    '-1003833950795',
    'send_media failed: ValueError: Cannot resolve entity -1003833950795',
  ]);
  const traced = old.find(({ class: name }) => name === 'write_forbidden')!;
  expect(traced.message).toBe(
    "app:send_media failed: telethon.errors.rpcerrorlist.ChatWriteForbiddenError: You can't write in this chat " +
      '(caused by SendMediaRequest)',
  );
});
