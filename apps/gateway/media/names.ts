/** What a file is called, wherever it comes from. */
import type { IncomingMessage } from 'node:http';
import { basename } from 'node:path';
import { decodeText } from '../../kit/bodies/charset.ts';
import { readDisposition } from './content-disposition.ts';
import { endingOf, isScript } from './endings.ts';

const maxLength = 255;
const graphemes = new Intl.Segmenter();

/** A name without folders and control characters, or undefined when nothing is left of it. */
export function plainName(name: string | undefined): string | undefined {
  const last = name?.split(/[/\\]/).at(-1) ?? '';
  const clean = last
    .toWellFormed()
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, '')
    .trim();
  if (clean === '' || clean === '.' || clean === '..') return undefined;
  return cut(clean) || undefined;
}

/** Between two characters as readers see them, and before the ending, which stays. */
function cut(name: string): string {
  if (name.length <= maxLength) return name;
  const ending = endingOf(name);
  const tail = ending === undefined ? '' : name.slice(-ending.length - 1);
  const end = graphemes.segment(name).containing(maxLength - tail.length)!.index;
  return `${name.slice(0, end).trimEnd()}${tail}`;
}

/** The name that a server gives a file. */
export function nameInDisposition({ headers }: IncomingMessage): string | undefined {
  try {
    // Some servers leave out what comes before the first semicolon.
    const header = `;${headers['content-disposition'] ?? ''}`;
    return plainName(readDisposition(header, decodeLeniently).filename);
  } catch {
    return undefined;
  }
}

/** The last part of a URL; the ending of a program on the server is none of its file. */
export function nameInUrl({ pathname }: URL, toldType?: string): string | undefined {
  const name = plainName(decodedPath(pathname));
  const isSource = toldType === undefined || /^text\/plain$|php$/.test(toldType);
  if (name === undefined || isSource || !isScript(name)) return name;
  return name.slice(0, name.lastIndexOf('.')) || undefined;
}

/** Not every path is UTF-8. */
function decodedPath(pathname: string): string {
  const text = unescaped(pathname);
  if (text !== pathname || /%(?![0-9a-f]{2})/i.test(pathname)) return text;
  const bytes = pathname.replace(/%(..)/g, (_, pair: string) => String.fromCharCode(parseInt(pair, 16)));
  return decodeLeniently(Buffer.from(bytes, 'latin1'), undefined);
}

/** Bytes of no declared charset are UTF-8 or its escapes, else Windows' Cyrillic where letters above ASCII make words. */
function decodeLeniently(bytes: Buffer, charset: string | undefined): string {
  if (charset !== undefined) return decodeText(bytes, charset, 'the name of the file');
  try {
    return unescaped(decodeText(bytes, undefined, 'the name of the file'));
  } catch {
    const isCyrillic = /[\xa8\xb8\xc0-\xff]{3}/.test(bytes.toString('latin1'));
    return decodeText(bytes, isCyrillic ? 'windows-1251' : 'windows-1252', 'the name of the file');
  }
}

/** With its percent-escapes undone, where they are UTF-8. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Of a path on this machine. */
export function nameOfPath(path: string): string | undefined {
  return plainName(basename(path));
}
