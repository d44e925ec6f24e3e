/** An album as a grid: rows of two to four, each picture in its own proportions. */
import { make } from '../../../ui/elements.js';
import { visual } from './media.js';

/** @import { MessageJson } from '../../http/inbox-views.ts' */

/** How many stand in each row, by how many there are. */
const rows = new Map([
  [2, [2]],
  [3, [1, 2]],
  [4, [2, 2]],
  [5, [2, 3]],
  [6, [3, 3]],
  [7, [3, 4]],
  [8, [2, 3, 3]],
  [9, [3, 3, 3]],
  [10, [3, 3, 4]],
]);

/** @param {MessageJson[]} album */
export function albumGrid(album) {
  const grid = make('div', { class: 'album' });
  const rest = [...album];
  for (const count of rows.get(album.length) ?? []) grid.append(row(rest.splice(0, count)));
  while (rest.length > 0) grid.append(row(rest.splice(0, 3)));
  return grid;
}

/** Beside one another all are equally high: each takes of the width what its proportions ask for. @param {MessageJson[]} messages */
function row(messages) {
  const made = make('div', { class: 'album-row' });
  for (const [index, { key, media, text }] of messages.entries()) {
    if (!media) continue;
    const ratio = proportionsOf(media, messages.length === 1);
    const item = visual(media, text);
    item.id = index === 0 ? '' : `message-${key}`;
    item.style.setProperty('flex', `${ratio} 1 0`);
    item.style.setProperty('aspect-ratio', String(ratio));
    made.append(item);
  }
  return made;
}

/** @param {{width?: number, height?: number}} size @param {boolean} isAlone */
function proportionsOf({ width = 1, height = 1 }, isAlone) {
  const [least, most] = isAlone ? [1.3, 2] : [0.65, 1.6];
  return Math.min(most, Math.max(least, width / height));
}
