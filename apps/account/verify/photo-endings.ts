/**
 * Telegram goes by the ending of a photo's name: .jpg, .jpeg and .png are taken; .webp, .JPG and no ending are
 * PHOTO_EXT_INVALID (td `MessagesManager`, telepot#30, tdesktop#10302). gateway/telegram/uploads.ts names photos
 * accordingly. Asked by messages.uploadMedia, which sends nothing.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Api } from 'telegram/tl/index.js';
import { long } from '../../gateway/telegram/peers.ts';
import { isNotOffered } from '../../gateway/model/telegram-error.ts';
import type { Belief } from './belief.ts';
import type { GatewaySession } from './gateway-session.ts';
import { sample } from './messages.ts';
import { refusalIn, shownError } from './outcome-of.ts';

const expected = {
  'photo.jpg': 'taken',
  'photo.jpeg': 'taken',
  'photo.png': 'taken',
  'photo.webp': 'PHOTO_EXT_INVALID',
  'photo.JPG': 'PHOTO_EXT_INVALID',
  photo: 'PHOTO_EXT_INVALID',
};

export const photoEndings: Belief = {
  claim:
    'A photo is taken under names that end in .jpg, .jpeg and .png, and refused under .webp, .JPG and no ending',
  check: async ({ media }) => {
    const answers: string[] = [];
    let agrees = true;
    for (const [name, belief] of Object.entries(expected)) {
      const answer = await uploadAs(media, name);
      answers.push(`${name}: ${answer}`);
      agrees &&= answer === belief;
    }
    return { answer: answers.join('; '), agrees };
  },
};

async function uploadAs(session: GatewaySession, name: string): Promise<string> {
  const id = long(randomBytes(8).readBigInt64LE().toString());
  const bytes = readFileSync(sample('photo.jpg'));
  await session.call(new Api.upload.SaveFilePart({ fileId: id, filePart: 0, bytes }));
  const file = new Api.InputFile({ id, parts: 1, name, md5Checksum: '' });
  const peer = new Api.InputPeerSelf();
  try {
    await session.call(
      new Api.messages.UploadMedia({ peer, media: new Api.InputMediaUploadedPhoto({ file }) }),
    );
    return 'taken';
  } catch (error) {
    const refusal = refusalIn(error);
    if (isNotOffered(refusal)) throw refusal;
    return shownError(refusal);
  }
}
