/** The callers of a scenario: each asks for its message, and again under the same key when the connection dies. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../kit/clock.ts';
import { askJson, type Reply } from './http.ts';
import { keyOf, textOf, type Answered, type MessageState, type Planned } from './messages.ts';
import type { Gateway } from './stack.ts';

const askAgainAfterMs = 250;
const giveUpAfterMs = 180_000;
/** What a caller leaves a gateway beyond the time it said it would wait. */
const patienceMs = 20_000;
const atOnce = 64;

const photo = readFileSync(join(import.meta.dirname, '../../ops/samples/photo.jpg')).toString('base64');

interface SendAnswer {
  readonly id?: string | null;
  readonly status?: unknown;
  readonly class?: string;
}

export interface CallerDeps {
  readonly gateways: readonly Gateway[];
  /** Callers stop asking when it is aborted. */
  readonly signal: AbortSignal;
}

/** Asks for every message when its time has come. Resolves when each has had an answer, or has none to hope for. */
export async function askForAll(planned: readonly Planned[], deps: CallerDeps): Promise<Answered[]> {
  const startedAt = systemClock.now();
  const timed = planned.filter(({ afterMs }) => afterMs > 0);
  const others = planned.filter(({ afterMs }) => afterMs === 0).values();
  const answers: Answered[] = [];
  const lane = async () => {
    for (const message of others) answers.push(await askFor(message, deps));
  };
  const asking = timed.map(async (message) => {
    await systemClock.sleep(startedAt + message.afterMs - systemClock.now(), deps.signal);
    answers.push(await askFor(message, deps));
  });
  await Promise.all([...asking, ...Array.from({ length: atOnce }, lane)]);
  return answers;
}

/** One caller. */
async function askFor(message: Planned, { gateways, signal }: CallerDeps): Promise<Answered> {
  const { url } = gateways.find(({ name }) => name === message.gateway)!;
  const askedAt = systemClock.now();
  for (let asks = 1; ; asks++) {
    const lastAskedAt = systemClock.now();
    const reply = await post(url, message).catch(() => undefined);
    const answeredAt = reply && systemClock.now();
    const isOver = reply !== undefined || lastAskedAt - askedAt > giveUpAfterMs || signal.aborted;
    if (isOver) return { ...message, askedAt, asks, lastAskedAt, answeredAt, ...outcomeOf(reply) };
    await systemClock.sleep(askAgainAfterMs, signal).catch(() => {});
  }
}

function post(url: string, { number, gateway, chatId, waitSeconds }: Planned): Promise<Reply<SendAnswer>> {
  const text = textOf(number);
  const content = gateway === 'text' ? { text } : { base64: photo, filename: 'photo.jpg', caption: text };
  return askJson<SendAnswer>(`${url}/send_${gateway}`, {
    body: { chat_id: chatId, wait: waitSeconds, ...content },
    headers: { 'idempotency-key': keyOf(number) },
    timeoutMs: waitSeconds * 1000 + patienceMs,
  });
}

function outcomeOf(
  reply: Reply<SendAnswer> | undefined,
): Pick<Answered, 'httpStatus' | 'id' | 'state' | 'class'> {
  if (!reply) return { httpStatus: undefined, id: undefined, state: 'unanswered', class: undefined };
  const { status: httpStatus, body } = reply;
  const isAccepted = httpStatus === 200 || httpStatus === 202;
  // A problem with an id is of a message that was accepted and has failed.
  const state = isAccepted ? (body.status as MessageState) : body.id ? 'failed' : 'refused';
  return { httpStatus, id: body.id ?? undefined, state, class: body.class };
}
