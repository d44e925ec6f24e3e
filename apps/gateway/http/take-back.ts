/** A message that Telegram holds until its time is taken back there, and is cancelled then. */
import type { Clock } from '../../kit/clock.ts';
import { Problem, type ErrorClassName } from '../../kit/errors.ts';
import { judge, TelegramError } from '../model/telegram-error.ts';
import { gateClass, GateClosed } from '../pacing/gates.ts';
import { heldUntil, type StoredMessage } from '../model/message.ts';
import type { MessageAdmin } from '../storage/ledger.ts';
import type { Account } from '../model/account.ts';
import type { PeerTable } from '../storage/tables.ts';

export interface TakeBackDeps {
  readonly account: Account;
  readonly messageAdmin: MessageAdmin;
  readonly peers: PeerTable;
  readonly clock: Clock;
}

/** The cancelled message; undefined where Telegram does not hold it. @throws Problem where Telegram cannot be asked */
export async function takeBack(
  { account, messageAdmin, peers, clock }: TakeBackDeps,
  message: StoredMessage,
): Promise<StoredMessage | undefined> {
  const { id, chat, status, messageIds } = message;
  const until = heldUntil(message);
  const peer = chat === 'me' ? peers.self() : peers.byId(chat);
  if (status !== 'sent' || until === undefined || until <= clock.now() || !peer) return undefined;
  const ids = messageIds.filter((each) => each !== null);
  try {
    if (!(await account.takeBack(peer, ids))) return undefined;
  } catch (error) {
    const className = classOf(error);
    const detail = `Telegram still holds the message: ${(error as Error).message}`;
    throw new Problem(className, detail, { id, cause: error });
  }
  const [cancelled] = await messageAdmin.cancelHeld([id], clock.now());
  return cancelled;
}

function classOf(error: unknown): ErrorClassName {
  if (error instanceof GateClosed) return gateClass(error.gate);
  return error instanceof TelegramError ? judge(error).class : 'telegram_unavailable';
}
