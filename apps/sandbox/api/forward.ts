/** messages.forwardMessages: messages of one chat, sent to another with their source, as they stand after their last edit. */
import type { Account } from '../world/accounts.ts';
import { contentOf } from '../world/deliveries.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world/chat.ts';
import { hashOf } from '../world/names.ts';
import { sentAnswer } from './answers.ts';
import { deliver, type Outgoing } from './deliver.ts';
import { method, type MethodTable } from './method.ts';
import { forwardHeader } from './origins.ts';
import { chatOf } from './peers.ts';
import { placeOf } from './reply-place.ts';
import { RpcError } from '../mtproto/rpc-error.ts';
import { schedule, scheduledFor } from './scheduled.ts';
import { checkSlowMode, checkStranger, writableChat } from './send-checks.ts';
import { findWritten, type Written } from './written.ts';

const maxForwarded = 100;

interface Forward extends TlObject {
  fromPeer: TlObject;
  toPeer: TlObject;
  id: number[];
  randomId: bigint[];
  silent: boolean;
  dropAuthor: boolean;
  dropMediaCaptions: boolean;
  topMsgId?: number;
  replyTo?: TlObject;
  scheduleDate?: number;
}

export const forwardMethods: MethodTable = {
  'messages.forwardMessages': method<Forward>((context, request) => {
    const { state, account, call } = context;
    const { id: ids, randomId: randomIds, topMsgId } = request;
    const from = chatOf(account, request.fromPeer);
    const to = writableChat(account, request.toPeer, randomIds);
    if (ids.length !== randomIds.length) throw new RpcError(400, 'RANDOM_ID_INVALID');
    if (ids.length === 0 || ids.length > maxForwarded) throw new RpcError(400, 'MESSAGE_IDS_EMPTY');
    const earlier = randomIds.map((randomId) => state.deliveries.earlier(account.id, to.id, randomId));
    const found = ids.map((id) => findWritten(state, account, from, id));
    if (!found.every(isForwardable)) throw new RpcError(400, 'MESSAGE_ID_INVALID');
    const inTopic =
      topMsgId === undefined ? undefined : { _: 'inputReplyToMessage', replyToMsgId: topMsgId, topMsgId };
    const place = placeOf(context, to, request.replyTo ?? inTopic);
    const all = found.map((written, index) => {
      return { ...copyOf(account, written, to, request), ...place, randomId: randomIds[index] ?? 0n };
    });
    const at = scheduledFor(state, request.scheduleDate);
    if (at !== undefined) return schedule(context, to, all, at);
    if (earlier.includes(undefined)) {
      checkSlowMode(to);
      checkStranger(state, account, to);
    }
    const deliveries = all.map((message, index) => {
      const known = earlier[index];
      if (known) state.deliveries.repeated++;
      return known ?? deliver(state, account, to, message, call.session);
    });
    return sentAnswer(state, account, to, deliveries);
  }),
};

function isForwardable(written: Written | undefined): written is Written {
  return written !== undefined && !written.topic && !written.delivery?.action;
}

/** A message to send that shows what another one shows now. Items of one album form an album again. */
function copyOf(
  account: Account,
  written: Written,
  to: Chat,
  { silent, dropAuthor, dropMediaCaptions, randomId }: Forward,
): Outgoing {
  const { delivery, text } = written;
  const { entities, media, special } = delivery ? contentOf(delivery) : {};
  const isBare = dropMediaCaptions && media !== undefined;
  const { groupedId } = delivery ?? {};
  return {
    randomId: 0n,
    silent,
    text: isBare ? '' : text,
    entities: isBare ? undefined : entities,
    media,
    special,
    forward: dropAuthor || dropMediaCaptions ? undefined : forwardHeader(account, written, to),
    groupedId:
      groupedId === undefined ? undefined : hashOf('forwarded album', groupedId, to.id, randomId[0] ?? 0n),
  };
}
