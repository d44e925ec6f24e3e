/** The messages that are sent: harmless, silent, and known by their first words, so that each can be found and deleted. */
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { sendMethods, type Outgoing, type OutgoingFile } from '../../gateway/model/account.ts';
import { outgoingFile, type Medium } from '../../gateway/send/file.ts';

/** How every text and caption begins and ends. */
export const marker = 'Vestnik verify-account';
const ending = 'It is deleted in a few minutes.';

/** The words of a message; `what` says what it is for. */
export function wordsOf(what: string): string {
  return `${marker}: ${what}. ${ending}`;
}

/** Whether a text or caption is one of ours, of this run or an earlier one. */
export function isOurs(text: string): boolean {
  return text.startsWith(`${marker}: `) && text.endsWith(ending);
}

type Content = Partial<Pick<Outgoing, 'files' | 'options'>>;

/** A message with a random_id of its own for each part; `what` says what it is for. */
export function messageOf(what: string, { files = [], options = {} }: Content = {}): Outgoing {
  const randomIds = Array.from({ length: Math.max(1, files.length) }, randomId);
  return {
    method: sendMethods[Math.min(files.length, 2)]!, // None, one, or an album of several.
    randomIds,
    text: { text: wordsOf(what), entities: [] },
    files,
    options: { ...options, silent: true },
  };
}

/** A small photo, as the gateway prepares one. */
export function photo(): OutgoingFile {
  return fileOf(sample('photo.jpg'), { kind: 'photo', mimeType: 'image/jpeg' });
}

/** The same as a WebP. */
export function webpPhoto(): OutgoingFile {
  return fileOf(sample('photo.webp'), { kind: 'photo', mimeType: 'image/webp' });
}

/** Any file. */
export function documentOf(file: string): OutgoingFile {
  return fileOf(file, { kind: 'document', mimeType: 'application/octet-stream' });
}

export function sample(name: string): string {
  return join(import.meta.dirname, 'samples', name);
}

function fileOf(file: string, as: Pick<Medium, 'kind' | 'mimeType'>): OutgoingFile {
  return outgoingFile({ ...as, sizeBytes: statSync(file).size, name: 'vestnik' }, file);
}

/** As the gateway makes them: any number of 64 bits but 0. */
function randomId(): string {
  return (randomBytes(8).readBigInt64LE() || 1n).toString();
}
