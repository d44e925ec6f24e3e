/** One file with a caption: a photo, a video, a document, audio, a voice message, a video note or an animation. */
import { askedFor } from '../media/prepare.ts';
import { notesOnFormatting, type FormattedText } from '../model/formatted-text.ts';
import type { StoredMedia } from '../model/message.ts';
import { captionField, fileFields, readCaption } from './file-fields.ts';
import { kind } from './kind.ts';

interface Kept {
  readonly media: readonly StoredMedia[];
  readonly caption: FormattedText;
}

export const media = kind({
  name: 'media',
  gateways: ['media'],
  fields: { ...fileFields, ...captionField },
  beside: 'give one of them',
  read: (fields, reading) => {
    const file = askedFor(fields, reading.arrived);
    const caption = readCaption('caption', fields.caption, reading);
    return {
      identity: (target, options) => [target, caption, options, [file.identity]],
      files: [file],
      keep: (media): Kept => ({ media, caption }),
      notes: notesOnFormatting([caption]),
    };
  },
  isOf: ({ media }) => media?.length === 1,
  method: 'messages.sendMedia',
  calls: ({ caption }: Kept) => [{ text: caption }],
});
