/** What stands in a chat beside what was written in it: messages that wait for their time, and sign-in codes from Telegram. */
import type { Account } from '../world/accounts.ts';
import type { SandboxState } from '../world/state.ts';
import { messageView } from './inbox-views.ts';

const maxWaiting = 100;
/** Telegram's own notifications, which codes come from. */
const telegramChatId = 777000n;

/** All that waits in a chat, the next one first; `scheduled_for` is 0 for "when they are online". */
export function waitingView(state: SandboxState, account: Account, chatId: bigint) {
  const waiting = state.scheduled.ofChat(account.id, chatId).slice(0, maxWaiting);
  return waiting.map((message) => {
    const at = message.scheduledFor === Infinity ? 0 : message.scheduledFor;
    return {
      ...messageView(state, message),
      key: `wait-${message.messageId}`,
      at,
      scheduled_for: at,
    };
  });
}

/** Codes as Telegram writes them to whoever is signed in already; none in any other chat. */
export function codesView({ signIns }: SandboxState, account: Account, chatId: bigint) {
  if (chatId !== telegramChatId) return [];
  const own = signIns.openCodes().filter(({ phone }) => phone === account.phone);
  return own.map(({ code, sentAt }) => ({
    key: `code-${code}-${sentAt}`,
    number: 0,
    account: account.id,
    chat_id: telegramChatId,
    message_id: 0,
    at: sentAt,
    text: `Login code: ${code}. Do not give this code to anyone, even if they say they are from Telegram!`,
    entities: [{ type: 'messageEntityCode', offset: 12, length: code.length }],
    silent: false,
    from: 'Telegram',
  }));
}
