/** What a conversation is drawn of: days, messages, albums, service lines; each with a key, so that it is drawn once. */
import { day } from '../shared/format.js';
import { make } from '../../../ui/elements.js';
import { albumBubble, bubble } from './bubble.js';
import { serviceLine } from './service-line.js';

/** @import { LineJson, MessageJson } from '../../http/inbox-views.ts' */

/**
 * @typedef {{key: string, sources: unknown[], draw: () => HTMLElement}} Block
 */

/** @type {Map<string, {sources: unknown[], element: HTMLElement}>} */
let drawn = new Map();

/**
 * The blocks of a conversation in order; what waits for its time stands at the end.
 * @param {import('./talk-window.js').TalkWindow} shown
 * @returns {Block[]}
 */
export function blocksOf(shown) {
  const { lines, codesHere } = shown;
  const messages = codesHere.length === 0 ? shown.messages : inOrder([...shown.messages, ...codesHere]);
  /** @type {Block[]} */
  const blocks = [];
  let lastDay = '';
  const onDay = (/** @type {number} */ at) => {
    const its = day(at);
    if (its === lastDay) return;
    lastDay = its;
    blocks.push({ key: `day ${its}`, sources: [], draw: () => make('li', { class: 'day' }, its) });
  };
  let next = 0;
  for (const group of albumsIn(messages)) {
    const at = group[0]?.at ?? 0;
    const before = [];
    while (next < lines.length && (lines[next]?.at ?? 0) <= at)
      before.push(/** @type {LineJson} */ (lines[next++]));
    for (const same of sameIn(before)) pushLines(blocks, same, onDay);
    onDay(at);
    blocks.push(messageBlock(group));
  }
  for (const same of sameIn(lines.slice(next))) pushLines(blocks, same, onDay);
  if (!shown.hasNewer) for (const group of albumsIn(shown.waiting)) blocks.push(messageBlock(group));
  return blocks;
}

/** @param {MessageJson[]} messages */
function inOrder(messages) {
  return messages.sort((a, b) => a.at - b.at);
}

/**
 * Makes `list` show the blocks: what is there stays untouched, so that nothing that plays stops.
 * @param {HTMLElement} list
 * @param {Block[]} blocks
 */
export function drawBlocks(list, blocks) {
  const kept = new Map();
  for (const { key, sources, draw } of blocks) {
    const before = drawn.get(key);
    const isSame =
      before?.sources.length === sources.length && before.sources.every((s, i) => s === sources[i]);
    const block = before && isSame ? before : { sources, element: draw() };
    block.element.dataset.key = key;
    kept.set(key, block);
  }
  const wanted = new Set([...kept.values()].map(({ element }) => element));
  for (const child of [...list.children]) if (!wanted.has(/** @type {any} */ (child))) child.remove();
  let place = list.firstElementChild;
  for (const element of wanted) {
    if (place && element === place) place = place.nextElementSibling;
    else list.insertBefore(element, place);
  }
  drawn = kept;
}

/** Forgets what was drawn, so that all is drawn anew, for instance in another language. */
export function forgetBlocks() {
  drawn = new Map();
}

/** @param {MessageJson[]} group @returns {Block} */
function messageBlock(group) {
  const first = /** @type {MessageJson} */ (group[0]);
  const draw = () => (group.length > 1 ? albumBubble(group) : bubble(first));
  return { key: `message ${first.key}`, sources: group, draw };
}

/**
 * @param {Block[]} blocks
 * @param {LineJson[]} same
 * @param {(at: number) => void} onDay
 */
function pushLines(blocks, same, onDay) {
  const first = /** @type {LineJson} */ (same[0]);
  onDay(first.at);
  blocks.push({ key: `line ${first.number}`, sources: same, draw: () => serviceLine(same) });
}

/** Messages that follow one another in one album, together. @param {MessageJson[]} messages */
function albumsIn(messages) {
  /** @type {MessageJson[][]} */
  const groups = [];
  for (const message of messages) {
    const group = groups.at(-1);
    if (message.album && group?.[0]?.album === message.album) group.push(message);
    else groups.push([message]);
  }
  return groups;
}

/** Lines that follow one another and say the same, together. @param {LineJson[]} lines */
function sameIn(lines) {
  /** @type {LineJson[][]} */
  const groups = [];
  for (const line of lines) {
    const before = groups.at(-1)?.[0];
    const isSame =
      before?.text === line.text && before.method === line.method && before.chat_id === line.chat_id;
    if (isSame) groups.at(-1)?.push(line);
    else groups.push([line]);
  }
  return groups;
}
