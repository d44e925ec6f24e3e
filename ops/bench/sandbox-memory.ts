/** How much memory one kept message takes, measured with the garbage collected before and after. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { deliver } from '../../apps/sandbox/api/deliver.ts';
import { openState } from '../../apps/sandbox/world/state.ts';
import { demoChatId } from '../../apps/sandbox/world/fixed-chats.ts';

const MESSAGES = 50_000;
const TEXT_LENGTH = 120;

/** Bytes a message, with its text of 120 characters and all indexes. */
export async function bytesAMessage(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const folder = await mkdtemp(join(tmpdir(), 'vestnik-memory-'));
  const state = await openState(folder);
  const account = state.accounts.standard;
  const chat = account.world.chats.get(demoChatId)!;
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let count = 1; count <= MESSAGES; count++) {
    const text = Buffer.from(String(count).padEnd(TEXT_LENGTH, 'x')).toString();
    const shape = { silent: false, entities: undefined, media: undefined };
    deliver(state, account, chat, { randomId: BigInt(count), text, ...shape }, undefined);
  }
  collect();
  const bytes = process.memoryUsage().heapUsed - before;
  await state.uploads.close();
  await rm(folder, { recursive: true, force: true });
  return Math.round(bytes / state.deliveries.all().length);
}
