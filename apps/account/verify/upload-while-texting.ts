/**
 * A large upload holds no text up: its parts go over a link of their own (gateway/telegram/upload-link.ts) to an address
 * for media, and the file is put together within the 90 s that gateway/telegram/mtproto-account.ts waits. That Telegram
 * lives with both links of one key is the rule of core.telegram.org/api/errors (AUTH_KEY_DUPLICATED).
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OutcomeUnknown } from '../../gateway/model/telegram-error.ts';
import type { Belief, Stage } from './belief.ts';
import type { GatewaySession } from './gateway-session.ts';
import { documentOf, messageOf } from './messages.ts';

const fileBytes = 20 * 1024 * 1024;
const textsMeanwhile = 2;
/** Slower than this a text is held up, even where the upload fills the line. */
const ordinaryMs = 5_000;

export const uploadWhileTexting: Belief = {
  claim: `While a file of 20 MB is uploaded, texts of the same session are answered within ${ordinaryMs / 1000} s, and the file is sent`,
  check: async (stage) => {
    const folder = mkdtempSync(join(tmpdir(), 'vestnik-verify-'));
    try {
      const file = join(folder, 'file');
      writeFileSync(file, randomBytes(fileBytes));
      return await uploadAndText(stage, file);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function uploadAndText({ media: session }: Stage, file: string) {
  const startedAt = performance.now();
  let uploadMs: number | undefined;
  const sending = session.send(messageOf('a file of 20 MB', { files: [documentOf(file)] }), () => {
    uploadMs = performance.now() - startedAt;
  });
  sending.catch(() => {}); // It is awaited below.
  const tookMs: number[] = [];
  for (let text = 1; text <= textsMeanwhile && (text === 1 || uploadMs === undefined); text++)
    tookMs.push(await textMs(session, text));
  await sending;
  const slowest = Math.max(...tookMs);
  const texts = tookMs.map((ms) => (ms === Infinity ? 'no answer' : shown(ms))).join(', ');
  return {
    answer: `texts answered after ${texts}; uploaded after ${shown(uploadMs ?? 0)}, and sent`,
    agrees: slowest < ordinaryMs,
  };
}

/** How long a text takes to be answered; for ever where it is not. */
async function textMs(session: GatewaySession, number: number): Promise<number> {
  try {
    return (await session.send(messageOf(`text ${number} beside an upload`))).tookMs;
  } catch (error) {
    if (error instanceof OutcomeUnknown) return Infinity;
    throw error;
  }
}

function shown(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
