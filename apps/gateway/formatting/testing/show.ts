/** For tests: a formatted text as people read it. */
import type { FormattedText } from '../../model/formatted-text.ts';

/** Each entity as `type:its text`, with what it says after another colon. */
export function entitiesOf({ text, entities }: FormattedText): string[] {
  return entities.map(({ type, offset, length, url, language, userId, customEmojiId, ...time }) => {
    const shown = time.unixTime && `${time.unixTime} ${time.dateTimeFormat}`;
    const detail = url ?? language ?? userId ?? customEmojiId ?? shown;
    return [type, text.slice(offset, offset + length), ...(detail === undefined ? [] : [detail])].join(':');
  });
}
