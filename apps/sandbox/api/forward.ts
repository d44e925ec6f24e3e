/** messages.forwardMessages: messages of one chat, sent to another. */
import type { TlObject } from '../tl/values.ts';
import { sentAnswer } from './answers.ts';
import { deliver } from './deliver.ts';
import { writtenIn } from './history.ts';
import { method, type MethodTable } from './method.ts';
import { chatOf } from './peers.ts';
import { RpcError } from './rpc-error.ts';
import { checkSlowMode, placeOf, writableChat } from './send-checks.ts';

const MAX_FORWARDED = 100;

interface Forward extends TlObject {
  fromPeer: TlObject;
  toPeer: TlObject;
  id: number[];
  randomId: bigint[];
  silent: boolean;
  replyTo?: TlObject;
}

export const forwardMethods: MethodTable = {
  'messages.forwardMessages': method<Forward>(({ state, account, call }, request) => {
    const { id: ids, randomId: randomIds, silent } = request;
    const from = chatOf(account, request.fromPeer);
    const to = writableChat(account, request.toPeer, randomIds);
    if (ids.length !== randomIds.length) throw new RpcError(400, 'RANDOM_ID_INVALID');
    if (ids.length === 0 || ids.length > MAX_FORWARDED) throw new RpcError(400, 'MESSAGE_IDS_EMPTY');
    const earlier = randomIds.map((randomId) => state.deliveries.earlier(account.id, to.id, randomId));
    const written = writtenIn(state, account, from);
    const found = ids.map((id) => written.find((message) => message.id === id && !message.topic));
    if (found.includes(undefined)) throw new RpcError(400, 'MESSAGE_ID_INVALID');
    if (earlier.includes(undefined)) checkSlowMode(to);
    const place = placeOf(to, request.replyTo);
    const deliveries = found.map((message, index) => {
      const known = earlier[index];
      if (known) state.deliveries.repeated++;
      if (known) return known;
      const { delivery, text = '' } = message ?? {};
      const shown = { media: delivery?.media, special: delivery?.special, entities: delivery?.entities };
      const forwarded = { randomId: randomIds[index] ?? 0n, text, silent, ...shown, ...place };
      return deliver(state, account, to, forwarded, call.session);
    });
    return sentAnswer(state, account, to, deliveries);
  }),
};
