/**
 * Deletes what was sent: what stands in Saved Messages, sent or scheduled, with the words of our messages, also of a run
 * that was killed. Where it cannot be read, what is known to have been sent.
 */
import { Api } from 'telegram/tl/index.js';
import { TelegramError } from '../../gateway/model/telegram-error.ts';
import { long } from '../../gateway/telegram/peers.ts';
import { GateClosed } from '../../gateway/pacing/gates.ts';
import type { GatewaySession } from './gateway-session.ts';
import { isOurs, marker } from './messages.ts';
import { shownError } from './outcome-of.ts';
import type { Sends } from './sends.ts';

const withinMs = 60_000;
/** A page of messages.getHistory: more than a run sends. */
const newest = 100;

/** Deletes over the first session that can. What is left, for people, or undefined where nothing is. Never rejects. */
export async function cleanUp(
  sessions: readonly GatewaySession[],
  sends: Sends,
): Promise<string | undefined> {
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(() => late.resolve('no answer in time'), withinMs);
  const reason = await Promise.race([late.promise, deleteOverFirst(sessions, sends)]);
  clearTimeout(timer);
  if (reason === undefined) return undefined;
  return (
    `What was sent could not be deleted (${reason}). Delete it by hand: in Saved Messages, also among the scheduled ones, ` +
    `it begins with "${marker}", and one photo stands beside such a one`
  );
}

async function deleteOverFirst(
  sessions: readonly GatewaySession[],
  sends: Sends,
): Promise<string | undefined> {
  await sends.settled();
  let reason: string | undefined;
  for (const session of sessions) {
    try {
      await session.ready();
      const left = [await deleteSent(session, sends), await deleteScheduled(session, sends)];
      if (!left.includes(true)) return undefined;
      reason = 'some are still there';
    } catch (error) {
      reason = shown(error);
    }
  }
  return reason;
}

/** Whether any is left. */
async function deleteSent(session: GatewaySession, { sent }: Sends): Promise<boolean> {
  const peer = new Api.InputPeerSelf();
  const history = new Api.messages.GetHistory({
    peer,
    limit: newest,
    offsetId: 0,
    offsetDate: 0,
    addOffset: 0,
    maxId: 0,
    minId: 0,
    hash: long('0'),
  });
  const id = await oursAmong(session, history, sent);
  if (id.length === 0) return false;
  await session.call(new Api.messages.DeleteMessages({ id, revoke: true }));
  return (await oursAmong(session, history, new Set())).length > 0;
}

async function deleteScheduled(session: GatewaySession, { scheduled }: Sends): Promise<boolean> {
  const peer = new Api.InputPeerSelf();
  const history = new Api.messages.GetScheduledHistory({ peer, hash: long('0') });
  const id = await oursAmong(session, history, scheduled);
  if (id.length === 0) return false;
  await session.call(new Api.messages.DeleteScheduledMessages({ peer, id }));
  return (await oursAmong(session, history, new Set())).length > 0;
}

/** The ids of our messages in a history: by their words, and the items of our albums; `known` where it is refused. */
async function oursAmong(
  session: GatewaySession,
  history: Api.messages.GetHistory | Api.messages.GetScheduledHistory,
  known: ReadonlySet<number>,
): Promise<number[]> {
  try {
    const answer = await session.call<Api.messages.TypeMessages>(history);
    const all = 'messages' in answer ? answer.messages.filter((each) => each instanceof Api.Message) : [];
    const ours = all.filter(({ message }) => isOurs(message));
    const albums = new Set(ours.flatMap(({ groupedId }) => groupedId?.toString() ?? []));
    const isOfOurs = ({ groupedId }: Api.Message) => groupedId && albums.has(groupedId.toString());
    return all.filter((each) => ours.includes(each) || isOfOurs(each)).map(({ id }) => id);
  } catch (error) {
    if (!(error instanceof TelegramError)) throw error;
    return [...known];
  }
}

function shown(error: unknown): string {
  if (error instanceof TelegramError) return shownError(error);
  return error instanceof GateClosed ? error.message : 'Telegram did not answer';
}
