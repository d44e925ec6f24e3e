/**
 * Docker's stream of lines with timestamps. Without a terminal it is multiplexed: each line, or part of a line of more
 * than 16 KB, is a frame of its own with a head of eight bytes (1 stdout, 2 stderr, the length big endian in the last
 * four) and begins with its time; a part that does not end the line has no line end.
 * https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerAttach
 */
import { LineCutter } from './line-cutter.ts';

export interface DockerLine {
  /** RFC 3339 with nine digits, so that times compare as text. */
  readonly time: string;
  readonly isError: boolean;
  readonly text: string;
}

export interface DockerLineReader {
  /** The lines that these bytes end. @throws when they are no such stream */
  push(chunk: Buffer): DockerLine[];
}

const headLength = 8;
/** Longer than any frame Docker sends: what says so is not a frame. */
const longestFrame = 1_048_576;
const longestLine = 1_048_576;

/** Reads the stream of a container that has a terminal, or of one that has none. */
export function dockerLineReader(hasTerminal: boolean): DockerLineReader {
  return hasTerminal ? new TerminalReader() : new FrameReader();
}

class TerminalReader implements DockerLineReader {
  readonly #cutter = new LineCutter();

  push(chunk: Buffer): DockerLine[] {
    return this.#cutter.push(chunk).map((line) => ({ isError: false, ...cutTime(line) }));
  }
}

class FrameReader implements DockerLineReader {
  #begun: Buffer = Buffer.alloc(0);
  /** The parts of a long line that have come, by stream. */
  readonly #parts = new Map<number, { time: string; texts: Buffer[]; length: number }>();

  push(chunk: Buffer): DockerLine[] {
    const lines: DockerLine[] = [];
    let bytes = this.#begun.length === 0 ? chunk : Buffer.concat([this.#begun, chunk]);
    while (bytes.length >= headLength) {
      const length = bytes.readUInt32BE(4);
      if (bytes[0]! > 2 || length > longestFrame) throw new Error('the stream of lines is not one of Docker');
      if (bytes.length < headLength + length) break;
      const line = this.#take(bytes[0]!, bytes.subarray(headLength, headLength + length));
      if (line) lines.push(line);
      bytes = bytes.subarray(headLength + length);
    }
    this.#begun = Buffer.from(bytes);
    return lines;
  }

  /** Bytes are decoded when the line is whole: a part may end within a letter. */
  #take(stream: number, payload: Buffer): DockerLine | undefined {
    const space = payload.indexOf(32);
    const time = payload.subarray(0, space).toString('latin1');
    const part = this.#parts.get(stream) ?? { time, texts: [], length: 0 };
    const isEnd = payload.at(-1) === 10;
    part.texts.push(Buffer.from(payload.subarray(space + 1, isEnd ? -1 : undefined)));
    part.length += payload.length;
    if (!isEnd && part.length < longestLine) {
      this.#parts.set(stream, part);
      return undefined;
    }
    this.#parts.delete(stream);
    const text = Buffer.concat(part.texts).toString('utf8').replace(/\r$/, '');
    return { time: part.time, isError: stream === 2, text };
  }
}

function cutTime(line: string): { time: string; text: string } {
  const space = line.indexOf(' ');
  return space === -1
    ? { time: line, text: '' }
    : { time: line.slice(0, space), text: line.slice(space + 1) };
}

/**
 * Where a reader is in the lines of a container. Docker begins again only at a time, and gives the lines of that very
 * time anew: the cursor is the time of the last line with how many lines of that time were read.
 */
export class DockerPosition {
  /** The time at which it begins, and how many lines of that time are still to be passed over. */
  readonly #from: string;
  #toSkip: number;
  #time: string;
  #count: number;

  /** `cursor` as this class has made it; without one it begins with the first line. */
  constructor(cursor?: string) {
    const [, time = '', count = '0'] = /^(\S+) (\d+)$/.exec(cursor ?? '') ?? [];
    this.#from = this.#time = time;
    this.#toSkip = this.#count = Number(count);
  }

  /** For the engine's `since`: seconds with nine digits behind the point; undefined at the beginning. */
  get since(): string | undefined {
    if (this.#from === '') return undefined;
    const [seconds, fraction = ''] = this.#from.replace('Z', '').split('.');
    return `${Date.parse(`${seconds}Z`) / 1000}.${fraction.padEnd(9, '0')}`;
  }

  /** The cursor behind this line; undefined when it was read before. */
  advance({ time }: DockerLine): string | undefined {
    if (time < this.#from) return undefined;
    if (time === this.#from && this.#toSkip > 0) {
      this.#toSkip -= 1;
      return undefined;
    }
    // stdout and stderr overtake each other by microseconds: a line may be older than the one before it.
    if (time === this.#time) this.#count += 1;
    if (time > this.#time) {
      this.#time = time;
      this.#count = 1;
    }
    return `${this.#time} ${this.#count}`;
  }
}
