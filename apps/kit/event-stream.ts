/**
 * Server-sent events. A reader is sent what is new to it as fast as it takes it: nothing is buffered for a slow one, and
 * one that takes nothing for a while is let go, to come again.
 */
import { Readable } from 'node:stream';
import type { Context } from 'koa';
import type { Clock } from './clock.ts';
import { Problem } from './errors.ts';
import { Signal } from './signal.ts';

/** What one reader is sent. */
export interface EventFeed {
  /** Calls `wake` whenever there may be something new, until the returned function is called. */
  listen(wake: () => void): () => void;
  /** What is new, by `eventText`; empty for nothing. Asked only when the reader has taken all that came before. */
  next(): string;
}

export interface EventStreamOptions {
  readonly clock: Clock;
  /** Why one more is refused, behind the number of those that are open. */
  readonly tooMany: string;
  /** After how long a browser comes again. */
  readonly retryMs?: number;
}

const mostStreams = 32;
const heartbeatMs = 15_000;
/** A reader that takes nothing for so long is let go. */
export const slowestMs = 30_000;

/** The streams of one kind that are open, to be ended when the server stops. */
export class EventStreams {
  readonly #options: EventStreamOptions;
  readonly #open = new Set<EventStream>();

  constructor(options: EventStreamOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Answers with the stream until the client leaves. @throws Problem rate_limited when too many are open */
  answer(ctx: Context, feed: EventFeed): void {
    const stream = this.open(feed);
    ctx.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    ctx.set('Connection', 'close'); // Ends with the stream, so that nothing idle holds up a stop.
    ctx.body = stream.body;
    ctx.res.once('close', () => stream.end());
    stream.body.once('close', () => stream.body.readableEnded || ctx.res.destroy());
  }

  /** @throws as answer */
  open(feed: EventFeed): EventStream {
    if (this.#open.size >= mostStreams) {
      throw new Problem('rate_limited', `${mostStreams} ${this.#options.tooMany}`, { retryAfter: 30 });
    }
    const stream = new EventStream(feed, this.#options, () => this.#open.delete(stream));
    this.#open.add(stream);
    return stream;
  }

  endAll(): void {
    for (const stream of this.#open) stream.end();
  }
}

/** One reader's stream. A generator that waits does not notice the end of its stream: `end` wakes it. */
export class EventStream {
  readonly body: Readable;
  readonly #clock: Clock;
  readonly #signal: Signal;
  readonly #onEnd: () => void;
  #hasEnded = false;
  /** Whether the reader has taken everything. */
  #isWaiting = false;

  constructor(feed: EventFeed, { clock, retryMs = 2_000 }: EventStreamOptions, onEnd: () => void) {
    this.#clock = clock;
    this.#signal = new Signal(clock);
    this.#onEnd = onEnd;
    this.body = Readable.from(this.#events(feed, `retry: ${retryMs}\n\n`));
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#onEnd();
    this.#signal.wake();
    // One that waits for events ends as a stream should; one that its reader holds up is cut.
    if (!this.#isWaiting) this.body.destroy();
  }

  async *#events(feed: EventFeed, first: string): AsyncGenerator<string, void, undefined> {
    const stopListening = feed.listen(() => this.#signal.wake());
    let text = first;
    let sentAt = this.#clock.uptime();
    try {
      while (!this.#hasEnded) {
        if (text === '') text = await this.#waited(sentAt + heartbeatMs);
        else {
          const stopTimer = this.#clock.after(slowestMs, () => this.end());
          try {
            yield text; // Comes back when the reader wants more.
          } finally {
            stopTimer();
          }
          sentAt = this.#clock.uptime();
          text = '';
        }
        text ||= feed.next();
      }
    } finally {
      stopListening();
    }
  }

  /** A heartbeat when it is due; empty when it was woken before. */
  async #waited(dueAt: number): Promise<string> {
    this.#isWaiting = true;
    await this.#signal.sleep(dueAt - this.#clock.uptime());
    this.#isWaiting = false;
    return this.#clock.uptime() >= dueAt ? ':\n\n' : '';
  }
}

/** An event in the form of the stream; `data` is one line. */
export function eventText(
  data: string,
  { event, id }: { event?: string; id?: string | number } = {},
): string {
  const name = event === undefined ? '' : `event: ${event}\n`;
  return `${id === undefined ? '' : `id: ${id}\n`}${name}data: ${data}\n\n`;
}
