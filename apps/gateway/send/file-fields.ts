/** The fields of a file, by itself or as an item of an album, and of its caption. */
import { z } from 'zod';
import { Problem } from '../../kit/errors.ts';
import { parseText } from '../formatting/parse.ts';
import type { FormattedText } from '../model/formatted-text.ts';
import { mediaKinds } from '../model/media-kinds.ts';
import { flag, jsonOfForm } from './field-types.ts';
import type { Reading } from './kind.ts';

const kinds = ['auto', ...mediaKinds] as const;

/** Neither a URL nor a path is longer. */
function shortText(takes: string) {
  return z.string({ error: takes }).refine((value) => value.length <= 8192, takes);
}

/** Where a file comes from: exactly one of these. */
const sourceFields = {
  media: shortText('takes a URL that begins with http:// or https://')
    .optional()
    .describe('An http or https URL to fetch the file from'),
  path: shortText('takes the path of a file inside MEDIA_ROOT')
    .optional()
    .describe('The path of a file on the machine of the gateway, inside MEDIA_ROOT'),
  base64: z
    .string({ error: 'takes the bytes of a file as base64' })
    .optional()
    .describe('The bytes of the file; in JSON of any size that a file may have, in a form up to 12 MB'),
  file: shortText('takes the name of a file part of a multipart body')
    .optional()
    .describe('In a multipart body the file itself; in an album the name of the part that has it'),
};

const nameTakes = 'takes a file name of 1 to 255 characters';
const typeTakes = 'takes a media type such as application/pdf';
const thumbnailTakes = 'takes a URL, or an object with media, path, base64 or file';

const thumbnail = z.preprocess(
  jsonOfForm,
  z.union([z.string().transform((media) => ({ media })), z.strictObject(sourceFields)], {
    error: thumbnailTakes,
  }),
);

export const fileFields = {
  ...sourceFields,
  kind: z
    .enum(kinds, { error: `takes ${kinds.join(', ')}` })
    .default('auto')
    .describe(
      'What Telegram is to make of the file; auto goes by its content, and makes no voice message of audio and no video note of a video',
    ),
  filename: z
    .string({ error: nameTakes })
    .refine((name) => name.length >= 1 && name.length <= 255, nameTakes)
    .optional()
    .describe('What the file is called; else as where it comes from'),
  mime_type: z
    .string({ error: typeTakes })
    .regex(/^[\w.+-]{1,80}\/[\w.+-]{1,80}$/, typeTakes)
    .optional()
    .describe(
      'The media type that is told of a document; else its bytes, its name and the Content-Type it came with decide',
    ),
  spoiler: flag.optional().describe('Whether it is covered until somebody asks to see it'),
  thumbnail: thumbnail
    .optional()
    .describe('A JPEG of at most 320 px a side and 200 KB: its URL, or where it comes from'),
};

/** Before parsing; what is left after it has a limit of its own. */
const maxSourceLength = 65_536;
const captionTakes = `takes a text, of at most ${maxSourceLength} characters with its markup`;
export const captionField = {
  caption: z
    .string({ error: captionTakes })
    .max(maxSourceLength, captionTakes)
    .optional()
    .describe('At most 1024 characters after parsing; beside album, that of its first item'),
};

/** The caption that the field `name` gives. @throws Problem bad_request, text_too_long */
export function readCaption(
  name: string,
  source: string | undefined,
  { mode, limits }: Reading,
): FormattedText {
  const caption = parseText(source ?? '', mode, name);
  const { length } = caption.text;
  const max = limits.captionLength;
  if (length > max)
    throw new Problem('text_too_long', `${name} takes a text of 0 to ${max} characters, not ${length}`);
  return caption;
}
