/** What a file is called, wherever it comes from. */
import type { IncomingMessage } from 'node:http';
import { basename } from 'node:path';
import mime from 'mime-types';

const maxLength = 255;

/** A name without folders and control characters, or undefined when nothing is left of it. */
export function plainName(name: string | undefined): string | undefined {
  const last = name?.split(/[/\\]/).at(-1) ?? '';
  // eslint-disable-next-line no-control-regex
  const clean = last.replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, '').trim();
  if (clean === '' || clean === '.' || clean === '..') return undefined;
  return clean.slice(0, maxLength);
}

/** The name a server gives a file, or else the last part of its URL. */
export function nameOfResponse({ headers }: IncomingMessage, { pathname }: URL): string | undefined {
  return plainName(nameInDisposition(headers['content-disposition'])) ?? plainName(decoded(pathname));
}

/** `filename*=UTF-8''…` before `filename="…"`, as RFC 6266 has them. */
function nameInDisposition(header = ''): string | undefined {
  const [, encoded] = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(header) ?? [];
  if (encoded !== undefined) return decoded(encoded);
  const [, quoted, bare] = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header) ?? [];
  const name = quoted?.replace(/\\(.)/g, '$1') ?? bare;
  // Node reads headers as Latin-1; what is UTF-8 underneath is meant as that.
  const asUtf8 = name === undefined ? undefined : Buffer.from(name, 'latin1').toString('utf8');
  return asUtf8?.includes('\ufffd') ? name : asUtf8;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Where the registry has no ending, or one that nobody uses. */
const usualEndings: Readonly<Record<string, string>> = {
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg',
  'audio/aac': 'aac',
  'audio/flac': 'flac',
  'video/quicktime': 'mov',
};

/** A name with an ending that fits: clients go by it. Names that have one keep it. */
export function nameWithEnding(name: string | undefined, mimeType: string): string {
  const base = name ?? 'file';
  if (/\.[\w-]{1,10}$/.test(base)) return base;
  const ending = usualEndings[mimeType] ?? mime.extension(mimeType);
  return ending === false || ending === 'bin' ? base : `${base}.${ending}`;
}

/** Of a path on this machine. */
export function nameOfPath(path: string): string | undefined {
  return plainName(basename(path));
}
