/** For tests: a client that sends to the demo chat all that Telegram can show. */
import { deflateSync, crc32 } from 'node:zlib';
import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import type { TestClient } from './library-client.ts';
import type { TestSandbox } from './sandbox.ts';
import { peerFor, uploadAll } from './requests.ts';

export const DEMO_CHAT = '-1003833950795';
/** What must stay text wherever it is shown. */
export const SCRIPT = '<img src=x onerror="document.title=1"><script>document.title=1</script>';

/** Sends to one chat. */
export interface Sender {
  client: TestClient;
  peer: Api.TypeInputPeer;
  /** messages.sendMessage; resolves with the id of the message. */
  text: (message: string, fields?: Record<string, unknown>) => Promise<number>;
  /** messages.sendMedia of an uploaded file. */
  file: (file: SentFile, message?: string, fields?: Record<string, unknown>) => Promise<number>;
  /** messages.sendMedia of what is no file: a poll, a contact, a place; resolves with the id of the message. */
  card: (media: Api.TypeInputMedia, message?: string) => Promise<number>;
  /** messages.sendMultiMedia of photos. */
  album: (photos: Buffer[], caption: string) => Promise<void>;
}

/** A file to send: a photo where it has no type. */
export interface SentFile {
  bytes: Buffer;
  name: string;
  mimeType?: string;
  attributes?: Api.TypeDocumentAttribute[];
  spoiler?: boolean;
  /** The picture that stands for it. */
  thumbnail?: Buffer;
}

/** A connected client that sends to the demo chat. */
export async function senderTo(sandbox: TestSandbox): Promise<Sender> {
  const client = await sandbox.connect();
  const username = 'vestnik_demo';
  const found = await client.call<Api.contacts.ResolvedPeer>(new Api.contacts.ResolveUsername({ username }));
  const peer = peerFor(found, found.peer);
  const upload = async ({ bytes, name, mimeType, attributes = [], spoiler, thumbnail }: SentFile) => {
    const file = await uploadAll(client, bytes, name);
    if (mimeType === undefined) return new Api.InputMediaUploadedPhoto({ file, spoiler });
    const all = [new Api.DocumentAttributeFilename({ fileName: name }), ...attributes];
    const thumb = thumbnail && (await uploadAll(client, thumbnail, 'thumb.jpg'));
    return new Api.InputMediaUploadedDocument({ file, mimeType, attributes: all, spoiler, thumb });
  };
  return {
    client,
    peer,
    text: async (message, fields) => idOf(await client.call(sendMessage({ peer, message, ...fields }))),
    async file(file, message = '', fields) {
      const media = await upload(file);
      return idOf(await client.call(sendMedia({ peer, media, message, ...fields })));
    },
    card: async (media, message = '') => idOf(await client.call(sendMedia({ peer, media, message }))),
    async album(photos, caption) {
      const multiMedia = await Promise.all(
        photos.map(async (bytes, index) => {
          const media = await upload({ bytes, name: `album-${index}.png` });
          const kept = await client.call<Api.MessageMediaPhoto>(
            new Api.messages.UploadMedia({ peer, media }),
          );
          const { id, accessHash, fileReference } = kept.photo as Api.Photo;
          const photo = new Api.InputMediaPhoto({
            id: new Api.InputPhoto({ id, accessHash, fileReference }),
          });
          const message = index === 0 ? caption : '';
          return new Api.InputSingleMedia({ media: photo, randomId: randomId(), message });
        }),
      );
      await client.call(new Api.messages.SendMultiMedia({ peer, multiMedia }));
    },
  };
}

/** The entity of a kind over `part` of `text`. */
export function over(
  text: string,
  part: string,
  Kind: new (place: never) => Api.TypeMessageEntity,
  fields: Record<string, unknown> = {},
): Api.TypeMessageEntity {
  return new Kind({ offset: text.indexOf(part), length: part.length, ...fields } as never);
}

/** The input of a poll with these answers, which are named by their places. */
export function pollOf(
  question: string,
  answers: readonly string[],
  { correct, solution, ...fields }: { correct?: number[]; solution?: string; [field: string]: unknown } = {},
): Api.InputMediaPoll {
  const text = (words: string) => new Api.TextWithEntities({ text: words, entities: [] });
  const all = answers.map((words, place) => {
    return new Api.PollAnswer({ text: text(words), option: Buffer.of(place) });
  });
  const zero = returnBigInt(0);
  const poll = new Api.Poll({ id: zero, hash: zero, question: text(question), answers: all, ...fields });
  const solutionEntities = solution === undefined ? undefined : [];
  return new Api.InputMediaPoll({ poll, correctAnswers: correct, solution, solutionEntities });
}

/** A PNG of one colour. */
export function png(
  width: number,
  height: number,
  colour: [number, number, number] = [90, 140, 190],
): Buffer {
  const row = Buffer.concat([Buffer.of(0), ...Array.from({ length: width }, () => Buffer.from(colour))]);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Silence as a WAV file of 8-bit samples, 8,000 a second. */
export function wav(seconds: number): Buffer {
  const size = 8000 * seconds;
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + size, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(size, 40);
  return Buffer.concat([head, Buffer.alloc(size, 128)]);
}

function chunk(type: string, content: Buffer): Buffer {
  const made = Buffer.alloc(12 + content.length);
  made.writeUInt32BE(content.length, 0);
  made.write(type, 4, 'latin1');
  content.copy(made, 8);
  made.writeUInt32BE(crc32(made.subarray(4, 8 + content.length)), 8 + content.length);
  return made;
}

let lastRandomId = 900_000;
function randomId() {
  return returnBigInt(++lastRandomId);
}

function sendMessage(fields: Record<string, unknown>) {
  return new Api.messages.SendMessage({ randomId: randomId(), ...fields });
}

function sendMedia(fields: Record<string, unknown>) {
  return new Api.messages.SendMedia({ randomId: randomId(), ...fields });
}

function idOf(updates: Api.Updates): number {
  return (updates.updates[0] as Api.UpdateMessageID).id;
}
