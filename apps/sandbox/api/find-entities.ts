/** The entities that the server itself makes of a text, by the rules that TDLib documents for it (MessageEntity.cpp). */
import type { TlObject } from '../tl/values.ts';
import { findAddresses } from './find-urls.ts';

interface Found {
  _: string;
  from: number;
  to: number;
}

const word = '\\p{L}\\p{N}_';
const tag = '\\p{L}\\p{Nd}_\\u200c\\u00b7\\u0d80-\\u0dff';
const atName = '(?:@[a-zA-Z0-9_]{3,32})?';
const mentionPattern = new RegExp(`(?<![${word}])@[a-zA-Z0-9_]{2,32}(?![${word}])`, 'gu');
const command = new RegExp(`(?<![${word}/<>])/[a-zA-Z0-9_]{1,64}${atName}(?![${word}/<>@])`, 'gu');
const hashtag = new RegExp(`(?<![${tag}])#[${tag}]{1,256}${atName}(?![${tag}]*#)`, 'gu');
const cashtag = new RegExp(`(?<![$${tag}])\\$(?:1INCH|[A-Z]{1,8})${atName}(?![$${tag}])`, 'gu');
const card = /(?<![.,+\-_\p{L}\d])(?:\d{16,19}(?= )|\d[\d -]{11,}\d)(?![-_\p{L}])/gu;
/** Only numbers with their country's code are sure to be phone numbers. */
const phone = new RegExp(`(?<![${word}+])\\+\\d[\\d ()-]{8,18}\\d(?![${word}])`, 'gu');
const shortNames = new Set(['gif', 'nft', 'pic', 'ufc', 'vid']);
const appLink = /(?<![\p{L}\p{N}_])(?:tg|ton):\/\/[\w-]{1,253}(?:[/?#][^\s<>"«»]*[^\s<>"«».:;,('?!`])?/giu;
/** What such entities begin with or hold: most texts have none of it. */
const mayHold = /[@/#$.+]|\d{4}/;

/** Entities that others may cross; all else that a client gives keeps what is found out of it. */
const crossed = new Set(
  ['Bold', 'Italic', 'Underline', 'Strike', 'Spoiler', 'Blockquote'].map((name) => `messageEntity${name}`),
);

/** The given entities and those that are found beside them, in their order. */
export function withFoundEntities(
  text: string,
  given: readonly TlObject[] | undefined,
): readonly TlObject[] | undefined {
  if (!mayHold.test(text)) return given;
  const found = findEntities(text);
  if (found.length === 0) return given;
  const isFree = ({ from, to }: Found) =>
    !given?.some((entity) => {
      const [start, end] = [entity.offset as number, (entity.offset as number) + (entity.length as number)];
      if (end <= from || start >= to) return false;
      return !crossed.has(entity._) || (entity._ === 'messageEntityBlockquote' && (start > from || end < to));
    });
  const made = found.filter(isFree).map(({ _, from, to }) => ({ _, offset: from, length: to - from }));
  if (made.length === 0) return given;
  return [...(given ?? []), ...made].sort(
    (a, b) => (a.offset as number) - (b.offset as number) || (b.length as number) - (a.length as number),
  );
}

/** What is found in a text, none of it crossing another; the first one wins, or the longer of two that begin together. */
function findEntities(text: string): Found[] {
  const found: Found[] = [];
  const add = (name: string, pattern: RegExp, isRight: (match: string) => boolean) => {
    for (const { 0: match, index } of text.matchAll(pattern)) {
      if (isRight(match)) found.push({ _: `messageEntity${name}`, from: index, to: index + match.length });
    }
  };
  if (text.includes('@')) add('Mention', mentionPattern, isName);
  if (text.includes('/')) add('BotCommand', command, () => true);
  if (text.includes('#')) add('Hashtag', hashtag, (match) => /\p{L}/u.test(match));
  if (text.includes('$')) add('Cashtag', cashtag, () => true);
  if (text.includes('+')) add('Phone', phone, isPhone);
  if (/\d{4}/.test(text)) add('BankCard', card, isCard);
  if (text.includes('://')) add('Url', appLink, () => true);
  if (text.includes('.')) {
    for (const { from, to, isEmail } of findAddresses(text)) {
      found.push({ _: isEmail ? 'messageEntityEmail' : 'messageEntityUrl', from, to });
    }
  }
  if (found.length < 2) return found;
  found.sort((a, b) => a.from - b.from || b.to - a.to);
  let end = 0;
  return found.filter(({ from, to }) => from >= end && ((end = to), true));
}

function isName(mention: string): boolean {
  return mention.length > 4 || shortNames.has(mention.slice(1).toLowerCase());
}

function isPhone(match: string): boolean {
  const count = match.replace(/\D/g, '').length;
  return count >= 10 && count <= 15;
}

/** Whether digits are as many as a card has, and right by Luhn's rule. */
function isCard(match: string): boolean {
  const digits = match.replace(/\D/g, '');
  if (digits.length < 13 || digits.length > 19 || match.length > 2 * digits.length - 1) return false;
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (1 + (place % 2));
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0 && hasLengthOfIssuer(digits);
}

function hasLengthOfIssuer(digits: string): boolean {
  const { length } = digits;
  const [two, four] = [Number(digits.slice(0, 2)), Number(digits.slice(0, 4))];
  if (digits.startsWith('4')) return [13, 16, 18, 19].includes(length);
  if ((two >= 51 && two <= 55) || (four >= 2200 && four <= 2204) || (four >= 2221 && four <= 2720))
    return length === 16;
  if (two === 34 || two === 37) return length === 15;
  return two === 62 || two === 81 ? length >= 16 : true;
}
