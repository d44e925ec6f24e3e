/** Two to ten files that are shown together. */
import { z } from 'zod';
import { Problem } from '../../kit/errors.ts';
import { askedFor } from '../media/prepare.ts';
import { notesOnFormatting, type FormattedText } from '../model/formatted-text.ts';
import type { StoredMedia } from '../model/message.ts';
import { jsonOfForm, withoutBlanks } from './field-types.ts';
import { captionField, fileFields, readCaption } from './file-fields.ts';
import { kind } from './kind.ts';

const itemObject = z.strictObject({ ...fileFields, ...captionField });
const item = z.preprocess((value) => withoutBlanks(value, itemObject.shape), itemObject);
const takes = 'takes a list of 2 to 10 items with the fields of media';
const items = z.array(item, { error: takes }).refine(({ length }) => length >= 2 && length <= 10, {
  error: ({ input }) => `${takes}, not ${(input as unknown[]).length}`,
});

/** `caption` is that of the first file, `laterCaptions` those of the others, where any of them has one. */
interface Kept {
  readonly media: readonly StoredMedia[];
  readonly caption: FormattedText;
  readonly laterCaptions?: readonly FormattedText[] | undefined;
}

export const album = kind({
  name: 'album',
  gateways: ['media'],
  fields: {
    album: z
      .preprocess(jsonOfForm, items)
      .optional()
      .meta({ description: 'Files that are shown together', minItems: 2, maxItems: 10 }),
    ...captionField,
  },
  beside: 'give it to the items of the album',
  read: ({ album = [], caption: ofFirst }, reading) => {
    const files = album.map((item, index) => askedFor(item, reading.arrived, `album.${index}.`));
    if (ofFirst !== undefined && album[0]?.caption !== undefined)
      throw new Problem('bad_request', 'two captions, caption and album.0.caption: give one');
    const [caption, ...later] = album.map((item, index) =>
      index === 0 && ofFirst !== undefined
        ? readCaption('caption', ofFirst, reading)
        : readCaption(`album.${index}.caption`, item.caption, reading),
    ) as [FormattedText, ...FormattedText[]];
    const laterCaptions = later.some(({ text }) => text !== '') ? later : undefined;
    const identities = files.map(({ identity }) => identity);
    return {
      identity: (target, options) => [target, caption, options, identities, ...(laterCaptions ?? [])],
      files,
      keep: (media): Kept => ({ media, caption, ...(laterCaptions && { laterCaptions }) }),
      notes: notesOnFormatting([caption, ...later]),
    };
  },
  isOf: ({ media = [] }) => media.length > 1,
  method: 'messages.sendMultiMedia',
  calls: ({ caption, laterCaptions }: Kept) => [{ text: caption, laterTexts: laterCaptions }],
});
