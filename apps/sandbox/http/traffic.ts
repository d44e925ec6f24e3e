/** What comes from the other side: messages of others, and scheduled ones that wait. */
import Router from '@koa/router';
import { z } from 'zod';
import { Problem } from '../../kit/errors.ts';
import { receive } from '../api/deliver.ts';
import type { SandboxState } from '../world/state.ts';
import { bodyOf, sendJson } from './body.ts';
import { markedId } from './schemas.ts';

const incomingBody = z.strictObject({
  chat_id: markedId,
  /** Who writes; where absent the user of the chat, the author of a group's greeting, or the channel itself. */
  from: markedId.optional(),
  text: z.string().min(1).max(4096),
  /** The phone number of the account that gets it; the default account where absent. */
  phone: z.string().optional(),
});

/** The routes by which tests act as the rest of the world. */
export function trafficRoutes(state: SandboxState): Router {
  const router = new Router();
  const { accounts, scheduled } = state;

  router.post('/incoming', async (context) => {
    const { chat_id, from, text, phone } = await bodyOf(context, incomingBody);
    const account = phone === undefined ? accounts.standard : accounts.findPhone(phone);
    const chat = account?.world.chats.get(chat_id);
    if (!account || !chat)
      throw new Problem('not_found', 'there is no such account or chat', { field: 'chat_id' });
    const common = { randomId: 0n, silent: false, entities: undefined, media: undefined };
    const author = from ?? chat.greeting.from ?? chat_id;
    const { messageId } = receive(state, account, chat, { ...common, text, from: author });
    sendJson(context, { ok: true, message_id: messageId });
  });

  router.get('/scheduled', (context) => {
    const waiting = scheduled.all().map((message) => ({
      account: message.account,
      chat_id: message.chatId,
      message_id: message.messageId,
      random_id: message.randomId,
      text: message.sentText ?? message.text,
      scheduled_for:
        message.scheduledFor === Infinity ? undefined : new Date(message.scheduledFor).toISOString(),
    }));
    sendJson(context, waiting);
  });

  return router;
}
