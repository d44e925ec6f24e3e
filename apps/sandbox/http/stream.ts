/** The live stream of the inbox: server-sent events, gathered a few times a second so that a flood stays readable. */
import { PassThrough } from 'node:stream';
import type { Context } from 'koa';
import type { SandboxEvent } from '../events.ts';
import type { SandboxState } from '../state.ts';
import { jsonText } from './body.ts';
import { countersView, lineView, messageView } from './views.ts';

const GATHER_MS = 100;
const HEARTBEAT_MS = 15_000;
/** More than this at once is told as `many`, and the page reads anew. */
const MAX_GATHERED = 200;

/** Answers with the stream, until the client leaves or `signal` is aborted. */
export function openStream(context: Context, state: SandboxState, signal: AbortSignal): void {
  const stream = new PassThrough();
  let gathered: SandboxEvent[] = [];
  let overflowed = false;
  let timer: NodeJS.Timeout | undefined;

  const flush = () => {
    timer = undefined;
    const value = { events: gathered.map(eventView), many: overflowed, counters: countersView(state) };
    gathered = [];
    overflowed = false;
    stream.write(`data: ${jsonText(value)}\n\n`);
  };
  const unlisten = state.events.listen((event) => {
    if (gathered.length < MAX_GATHERED) gathered.push(event);
    else overflowed = true;
    timer ??= setTimeout(flush, GATHER_MS);
  });
  const heartbeat = setInterval(() => stream.write(': \n\n'), HEARTBEAT_MS);
  const end = () => {
    unlisten();
    clearInterval(heartbeat);
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    stream.end();
  };
  signal.addEventListener('abort', end);
  stream.on('close', end);
  context.res.on('close', end);
  context.set('Cache-Control', 'no-store');
  context.type = 'text/event-stream';
  context.body = stream;
  stream.write('retry: 1000\n\n');
}

function eventView(event: SandboxEvent) {
  switch (event.type) {
    case 'delivery':
      return { type: 'delivery', message: messageView(event.delivery) };
    case 'service':
      return { type: 'service', line: lineView(event.line) };
    case 'world':
    case 'reset':
      return event;
  }
}
