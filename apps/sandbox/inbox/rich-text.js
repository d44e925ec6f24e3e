/** Text with Telegram's entities as DOM nodes. Offsets count UTF-16 units, as JavaScript strings do. */
import { element } from './dom.js';

const TAGS = {
  messageEntityBold: 'strong',
  messageEntityItalic: 'em',
  messageEntityUnderline: 'u',
  messageEntityStrike: 's',
  messageEntityCode: 'code',
  messageEntityPre: 'pre',
  messageEntityBlockquote: 'blockquote',
};

/** Blocks end their line themselves: a line break after them would show as an empty line. */
const BLOCKS = new Set(['messageEntityPre', 'messageEntityBlockquote']);

/**
 * @param {string} text
 * @param {{type: string, offset: number, length: number, url?: string}[]} [entities]
 * @returns {(Node | string)[]}
 */
export function richText(text, entities = []) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return nodesIn(text, sorted, 0, text.length);
}

/** The nodes of one stretch; entities that lie within another become its children. */
function nodesIn(text, entities, start, end) {
  const nodes = [];
  let at = start;
  for (let index = 0; index < entities.length; index++) {
    const entity = entities[index];
    if (entity.offset < at || entity.offset >= end) continue;
    const entityEnd = Math.min(entity.offset + entity.length, end);
    if (entity.offset > at) nodes.push(text.slice(at, entity.offset));
    const inner = nodesIn(text, entities.slice(index + 1), entity.offset, entityEnd);
    nodes.push(wrap(entity, text.slice(entity.offset, entityEnd), inner));
    at = BLOCKS.has(entity.type) && text[entityEnd] === '\n' ? entityEnd + 1 : entityEnd;
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes;
}

function wrap({ type, url }, text, inner) {
  if (type === 'messageEntitySpoiler') return element('span', { className: 'spoiler' }, ...inner);
  if (type === 'messageEntityTextUrl') return link(url ?? '', inner);
  if (type === 'messageEntityUrl') return link(/^https?:/i.test(text) ? text : `https://${text}`, inner);
  return element(TAGS[type] ?? 'span', {}, ...inner);
}

/** Only web addresses become links: anything else a message says is shown, not followed. */
function link(url, inner) {
  if (!/^https?:\/\//i.test(url)) return element('span', { title: url }, ...inner);
  return element('a', { href: url, title: url, target: '_blank', rel: 'noopener noreferrer' }, ...inner);
}
