/**
 * Puts the lines of one service together to entries: a line with what is indented below it, and with the traceback of
 * Python that follows an error. A line of JSON is always whole.
 */
import { stripVTControlCharacters } from 'node:util';
import type { FollowedLine } from '../supervisors/supervisor.ts';
import { readPlain } from './plain-line.ts';

export interface Entry {
  readonly service: string;
  readonly at: number;
  readonly level: FollowedLine['level'];
  /** All of it, with line ends between. */
  readonly text: string;
  /** The line a traceback ends with, which names the exception. */
  readonly exception: string | null;
  /** The cursor of its first line, which distinguishes it from every other. */
  readonly cursor: string;
}

interface Begun {
  readonly first: FollowedLine;
  readonly texts: string[];
  length: number;
  /** In the frames of a traceback, between two of them, or behind the last. */
  traceback: 'none' | 'frames' | 'between' | 'over';
  exception: string | null;
}

const longestEntry = 16_384;
const traceback = /^Traceback \(most recent call last\):/;
const linked = /^(?:During handling of the above exception|The above exception was the direct cause)/;

export class Assembler {
  #begun: Begun | undefined;

  /** Whether an entry is begun that more lines may belong to. */
  get isOpen(): boolean {
    return this.#begun !== undefined;
  }

  /** The entries that this line ends. */
  push(line: FollowedLine): Entry[] {
    const text = printable(line.text);
    if (this.#begun && belongs(this.#begun, text)) {
      append(this.#begun, text);
      return [];
    }
    const ended = this.flush();
    if (text.trim() === '') return ended;
    const begun = { first: line, texts: [], length: 0, traceback: 'none', exception: null } satisfies Begun;
    this.#begun = begun;
    append(begun, text);
    return isJson(text) ? [...ended, ...this.flush()] : ended;
  }

  /** The entry that is begun, as it is. */
  flush(): Entry[] {
    const begun = this.#begun;
    if (!begun) return [];
    this.#begun = undefined;
    const { service, at, level, cursor } = begun.first;
    const text = begun.texts.join('\n').trimEnd();
    return [{ service, at, level, text, exception: begun.exception, cursor }];
  }
}

function belongs({ traceback: state, texts }: Begun, text: string): boolean {
  if (isJson(text)) return false; // Of another thread, if it comes between the lines of a traceback.
  const isIndented = /^\s+\S/.test(text);
  if (state === 'frames') return isIndented || readPlain(text).level === null;
  if (state === 'over') return isIndented || text.trim() === '' || linked.test(text);
  if (state === 'between') return isIndented || text.trim() === '' || traceback.test(text);
  if (traceback.test(text)) return ['ERROR', 'WARNING'].includes(readPlain(texts[0]!).level ?? '');
  return isIndented;
}

function append(begun: Begun, text: string): void {
  if (traceback.test(text)) begun.traceback = 'frames';
  else if (linked.test(text) && begun.traceback === 'over') begun.traceback = 'between';
  else if (begun.traceback === 'frames' && /^\S/.test(text)) {
    begun.traceback = 'over';
    begun.exception = text.slice(0, longestEntry);
  }
  if (begun.length > longestEntry) return; // The exception at its end is kept all the same.
  const part = isJson(text) ? text : text.slice(0, longestEntry);
  begun.texts.push(part);
  begun.length += part.length + 1;
}

function isJson(text: string): boolean {
  return text.startsWith('{');
}

/** Without colours, and without what a terminal would act on. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
}
