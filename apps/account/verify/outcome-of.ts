/** What the failure of a check means: an answer of Telegram like any other, a belief not asked, or the end of the run. */
import {
  isNotOffered,
  judge,
  OutcomeUnknown,
  TelegramError,
  Unreached,
} from '../../gateway/model/telegram-error.ts';
import { AnswerUnreadable } from '../../gateway/telegram/mtproto/session.ts';
import { GateClosed } from '../../gateway/pacing/gates.ts';
import { NotReached } from './belief.ts';
import { BudgetSpent } from './budget.ts';

/** Why the run ends before its time; the message has no id in it. */
export class Stopped extends Error {
  override name = 'Stopped';
}

export type Agreement = 'yes' | 'no' | 'not offered' | 'not reached';

/** What a check that failed has told. @throws Stopped where nothing more is to be asked; an error of this program */
export function outcomeOf(error: unknown): { readonly answer: string; readonly agrees: Agreement } {
  if (error instanceof NotReached) return { answer: error.message, agrees: 'not reached' };
  if (error instanceof AnswerUnreadable)
    return { answer: 'an answer that cannot be read: of a newer layer', agrees: 'no' };
  const refusal = refusalIn(error);
  return { answer: shownError(refusal), agrees: isNotOffered(refusal) ? 'not offered' : 'no' };
}

/** The refusal that a failure is. @throws Stopped for a wait, a lost session or no answer; an error of this program */
export function refusalIn(error: unknown): TelegramError {
  if (error instanceof GateClosed) throw new Stopped(error.message, { cause: error });
  if (error instanceof Unreached || error instanceof OutcomeUnknown)
    throw new Stopped('Telegram did not answer', { cause: error });
  if (error instanceof BudgetSpent) throw new Stopped(error.message, { cause: error });
  if (!(error instanceof TelegramError)) throw error;
  const { gate, account } = judge(error);
  if (gate || account || error.code === 420)
    throw new Stopped(`Telegram answered ${shownError(error)}`, { cause: error });
  return error;
}

/** An error by its name. Only of a wait the number is kept: another may be that of a chat, a file or a data centre. */
export function shownError(error: TelegramError): string {
  return judge(error).gate ? error.message : error.message.replace(/\d+/g, 'n');
}
