import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startSandbox } from '../../apps/testkit/sandbox.ts';
import { client, startGatewayProcess } from '../../apps/testkit/stack.ts';
import { temporaryFolder } from '../../apps/testkit/folder.ts';
import { shared } from '../../apps/testkit/when-done.ts';
import { randomFrom } from '../../apps/kit/random.ts';
import { Caller } from '../crash/caller.ts';
import { judge } from '../crash/verdict.ts';
import { filesAfter, noLuck, type Luck } from './disk.ts';
import { writeFiles } from './files.ts';
import type { Ports } from './gateways.ts';
import { live, promisesOf, type Life } from './lives.ts';
import { brokenPromises, type Promised } from './promises.ts';
import { record, type Recording } from './recording.ts';
import { whyNoTrace, type Call } from './trace.ts';

const whyNot = whyNoTrace();
if (whyNot && process.env.CI) throw new Error(`not to be skipped where CI is set: ${whyNot}`);

const seed = Number(process.env.POWER_LOSS_SEED ?? 1);
const randomCuts = Number(process.env.POWER_LOSS_CUTS ?? 20);
/** Where files need not wait for a disk. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
/** How many messages are accepted until the power fails, one time after another. */
const livesOf = [300, 60, 10];

describe.skipIf(whyNot)(`when the power fails${whyNot ? ` (skipped: ${whyNot})` : ''}`, () => {
  const root = join(temporaryFolder(afterAll), 'vestnik');
  const dataDir = join(root, 'data');
  const random = randomFrom(seed);
  const luck: Luck = () => random() < 0.5;
  const lives: Life[] = [];
  let ports: Ports;
  let callers: Caller[];
  let sandbox: Awaited<ReturnType<typeof startSandbox>>;
  let env: Record<string, string>;
  let promises: Promised[][];

  beforeAll(
    shared(async (whenDone) => {
      mkdirSync(root);
      sandbox = await startSandbox({}, whenDone);
      await sandbox.post('/world', { dialogs: 12, users: 0 });
      env = {
        PORT: '0',
        DATA_DIR: dataDir,
        LOG_LEVEL: 'info',
        TELEGRAM_DC: `127.0.0.1:${sandbox.port}`,
        TELEGRAM_DC_PUBLIC_KEY_FILE: sandbox.publicKeyFile,
        PACE_CHAT_PER_S: '0',
        PACE_GROUP_PER_MIN: '0',
        PACE_ACCOUNT_PER_S: '0',
      };
      const { chats } = await sandbox.get<{ chats: { chat_id: string; kind: string }[] }>('/world');
      const known = chats.filter(({ kind }) => kind !== 'chat').slice(0, 9);
      callers = known.map(({ chat_id: chat }, index) => {
        const gateway = index < 6 ? 'text' : 'media';
        return new Caller({ chat, gateway, url: () => `http://127.0.0.1:${ports[gateway]}` });
      });
      const settings = { root, env, callers, luck, whenDone, onPorts: (at: Ports) => (ports = at) };
      for (const count of livesOf) lives.push(await live(settings, count));
    }),
    240_000,
  );

  it('what is left is sent by the next process, once and in order, with what the callers repeat', async () => {
    const [text, media] = (['send-text', 'send-media'] as const).map((name) =>
      startGatewayProcess(name, env),
    );
    ports = { text: await text!.port(), media: await media!.port() };
    for (const caller of callers) await caller.sendNext(new AbortController().signal);
    for (const port of [ports.text, ports.media]) {
      await client(port).untilSettled();
    }
    const verdict = judge(callers, await sandbox.report());
    expect(verdict).toMatchObject({ lost: 0, repeated: 0, disordered: 0 });
    promises = promisesOf(lives, root, callers);
  });

  it('the trace tells everything: had nothing been lost, the files were those that the processes left', () => {
    for (const { before, calls, after } of lives) {
      const replayed = filesAfter(record(root, before, calls), Infinity, () => true);
      // Whether a call that the end of its process cut was carried out, nobody knows.
      const unclear = new Set(calls.flatMap(({ end, paths }) => (end === Infinity ? paths : [])));
      const differing = [...new Set([...replayed.keys(), ...after.keys()])].filter(
        (path) => !unclear.has(path) && !isSame(replayed.get(path), after.get(path)),
      );
      expect(differing).toEqual([]);
    }
  });

  it(
    'no accepted message is lost, whenever that is, and whatever of the rest the disk has kept',
    () => {
      const folder = join(temporaryFolder(onTestFinished, memory), 'disk');
      // The log was carried over into the database in the midst of it, which is where a database can be damaged.
      expect(lives.some(({ calls }) => calls.filter(isCheckpoint).length > 10)).toBe(true);
      for (const [index, life] of lives.entries()) {
        const recording = record(root, life.before, life.calls);
        const lines = new Set(promises[index]!.map(({ line }) => line + 1));
        for (const line of lines) expect(breaks(recording, index, line, noLuck, folder)).toEqual([]);
        for (let count = 0; count < randomCuts; count++) {
          const line = Math.floor(random() * life.calls.at(-1)!.begin);
          expect(breaks(recording, index, line, luck, folder)).toEqual([]);
        }
      }
    },
    60_000 + randomCuts * 3_000,
  );

  it.each([
    ['the log of the database', (path: string) => path.endsWith('-wal')],
    ['spooled files', (path: string) => /spool\/main\/media\/./.test(path)],
    ['the folder of spooled files', (path: string) => path.endsWith('spool/main/media')],
    ['the folder around the spool', (path: string) => path.endsWith('/data')],
    ['the folder around DATA_DIR', (path: string) => path.endsWith('vestnik')],
    ['anything', () => true],
  ])(
    'messages would be lost if %s were not synced',
    (_, isForgotten) => {
      const [life] = lives;
      const recording = record(root, life!.before, life!.calls, (path) => !isForgotten(path));
      const folder = join(temporaryFolder(onTestFinished, memory), 'disk');
      const lines = promises[0]!.map(({ line }) => line + 1);
      expect(lines.some((line) => breaks(recording, 0, line, noLuck, folder).length > 0)).toBe(true);
    },
    120_000,
  );

  /** The promises of a life that a failure just before `line` breaks. */
  function breaks(recording: Recording, index: number, line: number, kept: Luck, folder: string): string[] {
    writeFiles(filesAfter(recording, line, kept), root, folder);
    const given = promises[index]!.filter((promise) => promise.line < line);
    return given.length === 0 ? [] : brokenPromises(join(folder, 'data'), given);
  }
});

function isCheckpoint({ name, paths }: Call): boolean {
  return name === 'pwrite64' && paths[0]!.endsWith('vestnik.db');
}

function isSame(a: Buffer | 'folder' | undefined, b: Buffer | 'folder' | undefined): boolean {
  return Buffer.isBuffer(a) && Buffer.isBuffer(b) ? a.equals(b) : a === b;
}
