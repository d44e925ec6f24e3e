/** An answer to a send that leaves one of its messages out, as Telegram does now and then for an album. */
import type { TlObject, TlValue } from '../tl/values.ts';

/** The answer without what names the `number`th message, from 1; any other answer stays as it is. */
export function withoutItem(result: TlValue, number: number): TlValue {
  const answer = result as TlObject;
  if (!Array.isArray(answer.updates)) return result;
  const updates = answer.updates as readonly TlObject[];
  const omitted = updates.filter(({ _ }) => _ === 'updateMessageID')[number - 1];
  if (!omitted) return result;
  const isOfOmitted = ({ message }: TlObject) => (message as TlObject | undefined)?.id === omitted.id;
  return { ...answer, updates: updates.filter((update) => update !== omitted && !isOfOmitted(update)) };
}
