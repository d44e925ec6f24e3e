/**
 * A WebP is taken as a photo where its file is named .png (td `MessagesManager`, github.com/mautrix/telegram/issues/227).
 * gateway/telegram/uploads.ts names every photo photo.jpg or photo.png.
 */
import type { Belief } from './belief.ts';
import { messageOf, webpPhoto } from './messages.ts';

export const webpAsPhoto: Belief = {
  claim: 'A WebP is taken as a photo where its file is named photo.png',
  check: async ({ media }) => {
    await media.send(messageOf('a photo in WebP', { files: [webpPhoto()] }));
    return { answer: 'taken', agrees: true };
  },
};
