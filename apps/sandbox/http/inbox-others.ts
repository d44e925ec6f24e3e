/**
 * What stands in a chat beside the messages that were sent to it: those of others, sign-in codes from Telegram
 * itself, and messages that wait for their time.
 */
import type { Account } from '../accounts.ts';
import type { Delivery } from '../deliveries.ts';
import type { SandboxState } from '../state.ts';
import { messageView } from './inbox-views.ts';

const MAX_OTHERS = 100;
/** Telegram's own notifications, which codes come from. */
const TELEGRAM_CHAT_ID = 777000n;

/** The latest messages of others in a chat, oldest first, and all that wait, the next one first. */
export function othersView(state: SandboxState, account: Account, chatId: bigint) {
  const sent = state.deliveries.all();
  const incoming = state.incoming.ofChat(account.id, chatId, MAX_OTHERS);
  const waiting = state.scheduled.ofChat(account.id, chatId).slice(0, MAX_OTHERS);
  const codes = chatId === TELEGRAM_CHAT_ID ? codesFor(state, account) : [];
  const theirs = incoming.map((delivery) => ({
    ...messageView(delivery, sent),
    key: `in-${delivery.number}`,
    from: nameOf(account, delivery),
  }));
  return {
    others: [...theirs, ...codes],
    waiting: waiting.map((message) => ({
      ...messageView(message, sent),
      key: `wait-${message.messageId}`,
      at: message.scheduledFor === Infinity ? 0 : message.scheduledFor,
      /** 0 stands for "when they are online". */
      scheduled_for: message.scheduledFor === Infinity ? 0 : message.scheduledFor,
    })),
  };
}

function nameOf(account: Account, { from, chatId }: Delivery): string {
  return account.world.chats.get(from ?? chatId)?.title ?? String(from);
}

/** Codes as Telegram writes them to whoever is signed in already. */
function codesFor({ signIns }: SandboxState, account: Account) {
  const own = signIns.openCodes().filter(({ phone }) => phone === account.phone);
  return own.map(({ code, sentAt }) => ({
    key: `code-${code}-${sentAt}`,
    number: 0,
    account: account.id,
    chat_id: TELEGRAM_CHAT_ID,
    message_id: 0,
    at: sentAt,
    text: `Login code: ${code}. Do not give this code to anyone, even if they say they are from Telegram!`,
    entities: [{ type: 'messageEntityCode', offset: 12, length: code.length }],
    silent: false,
    from: 'Telegram',
  }));
}
