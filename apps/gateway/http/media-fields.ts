/** The fields of one file, by itself or as an item of an album, as a request has them. */
import { z } from 'zod';
import { withoutBlanks } from './fields.ts';
import { flag } from './options.ts';
import { mediaKinds } from '../model/media-kinds.ts';

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

/** What a form has as text. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

const thumbnail = z.preprocess(
  parsed,
  z.union([z.string().transform((media) => ({ media })), z.strictObject(sourceFields)], {
    error: thumbnailTakes,
  }),
);

export const itemFields = {
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
const itemObject = z.strictObject({ ...itemFields, ...captionField });
const item = z.preprocess((value) => withoutBlanks(value, itemObject.shape), itemObject);
const albumTakes = 'takes a list of 2 to 10 items with the fields of media';

/** As a list, or in a form as its JSON. */
export const albumField = z
  .preprocess(
    parsed,
    z.array(item, { error: albumTakes }).refine((items) => items.length >= 2 && items.length <= 10, {
      error: ({ input }) => `${albumTakes}, not ${(input as unknown[]).length}`,
    }),
  )
  .optional()
  .meta({ description: 'Files that are shown together', minItems: 2, maxItems: 10 });

export type SourceFields = z.output<z.ZodObject<typeof sourceFields>>;
export type ItemFields = z.output<z.ZodObject<typeof itemFields>>;
export type AlbumItemFields = z.output<typeof item>;
