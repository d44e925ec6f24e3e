/** Follows every accepted message to its final state, and learns in which order its gateway accepted it. */
import { systemClock } from '../kit/clock.ts';
import { askJson } from './http.ts';
import { isFinal, type Answered, type Followed, type MessageState } from './messages.ts';
import type { Gateway } from './stack.ts';

const lookEveryMs = 250;
const atOnce = 16;
const pageSize = 500;
/** With so many left, their gateway's queue says sooner whether looking at each is worth it. */
const manyLeft = 2_000;

export interface FollowDeps {
  readonly gateways: readonly Gateway[];
  readonly signal: AbortSignal;
}

/** The messages once all are final, or as they are `withinMs` later. */
export async function untilFinal(
  messages: readonly Answered[],
  withinMs: number,
  deps: FollowDeps,
): Promise<Answered[]> {
  const deadline = systemClock.now() + withinMs;
  const byNumber = new Map(messages.map((message) => [message.number, message]));
  for (;;) {
    const open = [...byNumber.values()].filter((message) => message.id !== undefined && !isFinal(message));
    const isOver = open.length === 0 || systemClock.now() > deadline || deps.signal.aborted;
    if (isOver) return [...byNumber.values()];
    if (open.length < manyLeft || (await isQueueShort(deps))) {
      const left = open.values();
      const lane = async () => {
        for (const message of left) byNumber.set(message.number, await lookedAt(message, deps));
      };
      await Promise.all(Array.from({ length: atOnce }, lane));
    }
    await systemClock.sleep(lookEveryMs, deps.signal).catch(() => {});
  }
}

/** The messages with their places in the order they were accepted in. */
export async function ranked(messages: readonly Answered[], deps: FollowDeps): Promise<Followed[]> {
  const ranks = new Map<string, number>();
  for (const { url } of deps.gateways) {
    const newestFirst = await acceptedIds(url);
    newestFirst.forEach((id, index) => ranks.set(id, newestFirst.length - index));
  }
  return messages.map((message) => ({
    ...message,
    rank: message.id === undefined ? undefined : ranks.get(message.id),
  }));
}

async function lookedAt(message: Answered, { gateways }: FollowDeps): Promise<Answered> {
  const { url } = gateways.find(({ name }) => name === message.gateway)!;
  try {
    const { status, body } = await askJson<{ status: MessageState; class?: string }>(
      `${url}/messages/${message.id}`,
    );
    if (status === 404) return { ...message, state: 'unknown' };
    return status === 200 ? { ...message, state: body.status, class: body.class } : message;
  } catch {
    return message; // Its gateway is away; it is asked again.
  }
}

async function isQueueShort({ gateways }: FollowDeps): Promise<boolean> {
  const depths = await Promise.all(
    gateways.map(({ url }) =>
      askJson<{ queue: { depth: number } }>(`${url}/stats`).then(
        ({ body }) => body.queue.depth,
        () => Infinity,
      ),
    ),
  );
  return Math.max(...depths) < manyLeft;
}

/** The ids of all messages of a gateway, the last accepted first. */
async function acceptedIds(url: string): Promise<string[]> {
  const ids: string[] = [];
  let next: number | null | undefined;
  do {
    const query = next === undefined ? '' : `&before=${next}`;
    const page = await askJson<{ messages: { id: string }[]; next: number | null }>(
      `${url}/messages?limit=${pageSize}${query}`,
    );
    ids.push(...page.body.messages.map(({ id }) => id));
    next = page.body.next;
  } while (next !== null);
  return ids;
}
