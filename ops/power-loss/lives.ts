/** Both gateways under load, from one start to the next failure of the power, on what the last failure left of the disk. */
import { join } from 'node:path';
import { until } from '../../apps/testkit/until.ts';
import { temporaryFolder } from '../../apps/testkit/folder.ts';
import type { WhenDone } from '../../apps/testkit/when-done.ts';
import type { Caller } from '../crash/caller.ts';
import { filesAfter, type Luck } from './disk.ts';
import { readFiles, writeFiles, type Files } from './files.ts';
import { startTracedGateways, type Ports } from './gateways.ts';
import { answersIn, readMessages, type Promised } from './promises.ts';
import { record } from './recording.ts';
import type { Call } from './trace.ts';

export interface Life {
  /** What stood below the root when it began. */
  readonly before: Files;
  readonly calls: readonly Call[];
  /** What stood there at its end; the failure took of it what was not synced. */
  readonly after: Files;
}

export interface LifeSettings {
  /** Holds DATA_DIR as its folder `data`, and nothing else. */
  readonly root: string;
  readonly env: Record<string, string>;
  readonly callers: readonly Caller[];
  readonly onPorts: (ports: Ports) => void;
  readonly luck: Luck;
  readonly whenDone: WhenDone;
}

/** Lives until `count` more messages were accepted. */
export async function live(settings: LifeSettings, count: number): Promise<Life> {
  const { root, env, callers, luck, whenDone } = settings;
  const accepted = () => callers.reduce((sum, caller) => sum + caller.accepted.length, 0);
  const before = readFiles(root);
  const gateways = await startTracedGateways(env, join(temporaryFolder(whenDone), 'trace'));
  settings.onPorts(gateways.ports);
  const stop = new AbortController();
  try {
    const enough = accepted() + count;
    const sending = Promise.all(callers.map((caller) => caller.run(stop.signal)));
    await Promise.race([until('enough is accepted', () => accepted() >= enough, 60_000), sending]);
    const calls = await gateways.cut();
    stop.abort();
    await sending;
    const after = new Map([...readFiles(root)].filter(([path]) => !path.endsWith('-shm')));
    writeFiles(filesAfter(record(root, before, calls), Infinity, luck), root, root);
    return { before, calls, after };
  } finally {
    stop.abort();
    await gateways.end();
  }
}

/** What was promised up to the end of each life, with the lines of that life: 0 for what was promised before it. */
export function promisesOf(lives: readonly Life[], root: string, callers: readonly Caller[]): Promised[][] {
  const letters = new Map(callers.flatMap(({ accepted }) => accepted.map(({ id, shown }) => [id, shown])));
  let earlier: Promised[] = [];
  return lives.map(({ calls, after }) => {
    const answers = answersIn(calls);
    for (const { message } of earlier) answers.delete(message.id);
    const folder = temporaryFolder();
    writeFiles(after, root, folder);
    const messages = readMessages(join(folder, 'data'), [...answers.keys()]);
    const promised = [...answers].map(([id, line]) => {
      const [message, shown] = [messages.get(id), letters.get(id)];
      if (!message || !shown)
        throw new Error(`${id} was accepted, and ${message ? 'nobody sent it' : 'is not there'}`);
      return { line, message, shown };
    });
    const all = [...earlier, ...promised];
    earlier = all.map((promise) => ({ ...promise, line: 0 }));
    return all;
  });
}
