/** Text with Telegram's entities as nodes. Offsets count UTF-16 units, as JavaScript strings do. */
import { make } from '../../../ui/elements.js';
import { button, icon } from './dom.js';
import { say } from './language.js';
import { store } from './store.js';

/** @import { EntityJson } from '../../http/cards.ts' */

/** @typedef {(Node | string)[]} Nodes */

/** @type {Map<string, 'strong' | 'em' | 'u' | 's' | 'code'>} */
const tags = new Map([
  ['Bold', 'strong'],
  ['Italic', 'em'],
  ['Underline', 'u'],
  ['Strike', 's'],
  ['Code', 'code'],
]);
const longQuote = 200;
/** Blocks end their line themselves: a line break after them would show as an empty line. */
const blocks = new Set(['Pre', 'Blockquote']);
const maxDepth = 20;

/**
 * @param {string} text
 * @param {EntityJson[]} [entities]
 * @returns {Nodes}
 */
export function richText(text, entities = []) {
  const named = entities.map((entity) => ({
    ...entity,
    type: entity.type.replace(/^(input)?messageEntity/i, ''),
  }));
  const valid = named.filter(({ offset, length }) => offset >= 0 && length > 0 && offset < text.length);
  return nodesIn(text, valid, 0, text.length, 0);
}

/**
 * The nodes of one stretch. Entities within another become its children; one that reaches past it is parted there.
 * @param {string} text
 * @param {EntityJson[]} entities
 * @param {number} start
 * @param {number} end
 * @param {number} depth
 * @returns {Nodes}
 */
function nodesIn(text, entities, start, end, depth) {
  /** @type {Nodes} */
  const nodes = [];
  const queue = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  let at = start;
  for (let entity = queue.shift(); entity; entity = queue.shift()) {
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (from >= to || depth > maxDepth) continue;
    if (from > at) nodes.push(text.slice(at, from));
    /** @type {EntityJson[]} */
    const within = [];
    while (queue[0] && queue[0].offset < to) {
      const inner = /** @type {EntityJson} */ (queue.shift());
      const rest = inner.offset + inner.length - to;
      within.push({ ...inner, length: Math.min(inner.length, to - inner.offset) });
      if (rest > 0) queue.unshift({ ...inner, offset: to, length: rest });
      if (rest > 0) break;
    }
    nodes.push(wrap(entity, text.slice(from, to), nodesIn(text, within, from, to, depth + 1)));
    at = blocks.has(entity.type) && text[to] === '\n' ? Math.min(to + 1, end) : to;
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes;
}

/**
 * @param {EntityJson} entity
 * @param {string} text
 * @param {Nodes} inner
 * @returns {Node}
 */
function wrap(entity, text, inner) {
  const { type, url = '', user_id: userId = '' } = entity;
  const tag = tags.get(type);
  if (tag) return make(tag, {}, ...inner);
  switch (type) {
    case 'Spoiler':
      return spoiler(inner);
    case 'TextUrl':
      return link(url, inner);
    case 'Url':
      return link(/^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`, inner);
    case 'Pre':
      return codeBlock(entity.language ?? '', text);
    case 'Blockquote':
      return blockquote(entity, text, inner);
    case 'Mention':
      return mention(text, inner);
    case 'MentionName':
      return chatLink(userId, inner);
    case 'Hashtag':
    case 'Cashtag':
      return button('search-for', { label: text, class: 'tag', 'data-text': text }, ...inner);
    default:
      return make('span', { class: type === 'CustomEmoji' ? '' : 'tag' }, ...inner);
  }
}

/** Addresses of the web and of Telegram become links; any other is shown, not followed. @param {string} url @param {Nodes} inner */
function link(url, inner) {
  const isSafe = /^(https?|tg):\/\//i.test(url) && URL.canParse(url);
  if (!isSafe) return make('span', { class: 'tag', title: url }, ...inner);
  return make(
    'a',
    { href: url, title: url, target: '_blank', rel: 'noopener noreferrer nofollow' },
    ...inner,
  );
}

/** @param {Nodes} inner */
function spoiler(inner) {
  const properties = { class: 'spoiler', role: 'button', tabindex: 0, 'data-action': 'reveal-text' };
  return make('span', { ...properties, 'aria-label': say('hiddenText') }, ...inner);
}

/** @param {string} language @param {string} text */
function codeBlock(language, text) {
  const copy = button('copy', { label: say('copy'), class: '', 'data-text': text }, icon('copy'));
  const caption = language && make('figcaption', {}, language, copy);
  return make('figure', {}, caption, make('pre', {}, text));
}

/** A quote; a long collapsed one shows its first lines until it is unfolded. @param {EntityJson} entity @param {string} text @param {Nodes} inner */
function blockquote({ collapsed }, text, inner) {
  const isFolded = collapsed && (text.length > longQuote || text.split('\n').length > 3);
  const quoted = make('div', { class: 'quoted' }, ...inner);
  if (!isFolded) return make('blockquote', {}, quoted);
  const unfold = button('unfold', { label: say('showMore'), class: 'unfold' }, say('showMore'));
  unfold.setAttribute('aria-expanded', 'false');
  return make('blockquote', { 'data-collapsed': 'yes' }, quoted, unfold);
}

/** A username of this world leads to its chat. @param {string} text @param {Nodes} inner */
function mention(text, inner) {
  const name = text.replace(/^@/, '').toLowerCase();
  const chat = [...store.chats.values()].find(({ username }) => username?.toLowerCase() === name);
  return chatLink(chat?.chat_id ?? '', inner);
}

/** @param {string} id @param {Nodes} inner */
function chatLink(id, inner) {
  const chat = store.chats.get(String(id));
  if (!chat) return make('span', { class: 'tag' }, ...inner);
  return make('a', { class: 'tag', href: `#/${chat.chat_id}`, title: chat.title }, ...inner);
}
