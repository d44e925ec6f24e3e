/**
 * Streams of lines as server-sent events. A reader is sent what is stored behind the line it has, as fast as it takes
 * it: nothing is buffered for one that is slow, and one that takes nothing for a while is let go, to come again.
 */
import { Readable } from 'node:stream';
import type { Clock } from '../../kit/clock.ts';
import { Problem } from '../../kit/errors.ts';
import { Signal } from '../../kit/signal.ts';
import type { LogLine } from '../logs/log-line.ts';
import type { LogFilter } from '../logs/log-rows.ts';
import type { LogStore } from '../logs/log-store.ts';

export interface StreamedLines {
  readonly store: Pick<LogStore, 'after' | 'onAppend' | 'lastSeq' | 'goneThrough'>;
  readonly clock: Clock;
  readonly filter: LogFilter;
  /** The line the reader has; null for one that wants only what comes from now on. */
  readonly after: number | null;
}

const mostStreams = 32;
const heartbeatMs = 15_000;
/** So long may a reader take nothing of what is sent to it. */
export const slowestMs = 30_000;
const linesAtOnce = 200;

/** One reader's stream, and how to end it: a generator that waits does not hear of its stream's end by itself. */
export interface LogStream {
  readonly body: Readable;
  end(): void;
}

export class LogStreams {
  readonly #open = new Set<LogStream>();

  /** How many read now. */
  get size(): number {
    return this.#open.size;
  }

  /** @throws Problem rate_limited when too many read already */
  open(lines: StreamedLines): LogStream {
    if (this.#open.size >= mostStreams) {
      throw new Problem('rate_limited', `${mostStreams} pages follow the lines already`, { retryAfter: 30 });
    }
    const closed = new AbortController();
    const reader: Reader = { closed: closed.signal, isWaiting: false, letGo: () => stream.end() };
    const body = Readable.from(events(lines, reader));
    const stream: LogStream = {
      body,
      end: () => {
        this.#open.delete(stream);
        closed.abort();
        // One that waits for lines ends as a stream should; one that is stuck with its reader is cut.
        if (!reader.isWaiting) body.destroy();
      },
    };
    this.#open.add(stream);
    return stream;
  }

  endAll(): void {
    for (const stream of this.#open) stream.end();
  }
}

interface Reader {
  readonly closed: AbortSignal;
  readonly letGo: () => void;
  /** Whether it has all there is. */
  isWaiting: boolean;
}

async function* events(
  { store, clock, filter, after }: StreamedLines,
  reader: Reader,
): AsyncGenerator<string, void, undefined> {
  const { closed, letGo } = reader;
  const signal = new Signal(clock);
  const stopListening = store.onAppend(() => signal.wake());
  const end = () => signal.wake();
  closed.addEventListener('abort', end, { once: true });
  let position = after ?? store.lastSeq;
  let text = 'retry: 2000\n\n';
  let sentAt = clock.now();
  try {
    while (!closed.aborted) {
      if (text !== '') {
        const taken = new AbortController();
        void clock.sleep(slowestMs, AbortSignal.any([taken.signal, closed])).then(letGo, () => {});
        yield text; // Comes back when the reader wants more.
        taken.abort();
        sentAt = clock.now();
      }
      text = '';
      if (position > store.lastSeq) position = 0; // The store was begun anew.
      if (position < store.goneThrough) {
        text = `event: gap\ndata: {"after":${position},"through":${store.goneThrough}}\n\n`;
        position = store.goneThrough;
      }
      const last = store.lastSeq;
      const lines = store.after(position, filter, linesAtOnce);
      text += lines.map(toEvent).join('');
      position = lines.length === linesAtOnce ? lines.at(-1)!.seq : last;
      if (text === '') {
        reader.isWaiting = true;
        await signal.sleep(Math.max(0, sentAt + heartbeatMs - clock.now()));
        reader.isWaiting = false;
        if (clock.now() - sentAt >= heartbeatMs) text = ':\n\n';
      }
    }
  } finally {
    stopListening();
    closed.removeEventListener('abort', end);
  }
}

function toEvent(line: LogLine): string {
  return `id: ${line.seq}\ndata: ${JSON.stringify(line)}\n\n`;
}
