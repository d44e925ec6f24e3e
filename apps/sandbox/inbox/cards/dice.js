/** Dice: the one with six sides with the side that fell, the others as their sign with the value beside it. */
import { drawing, make } from '../../../ui/elements.js';
import { say } from '../shared/language.js';

/** @import { CardJson } from '../../http/cards.ts' */

const dieEmoji = '🎲';
const side = 96;
/** Where the dots of each side stand, on a grid of three by three. @type {[number, number][][]} */
const dotsOfSides = [
  [[1, 1]],
  [
    [0, 0],
    [2, 2],
  ],
  [
    [0, 0],
    [1, 1],
    [2, 2],
  ],
  [
    [0, 0],
    [2, 0],
    [0, 2],
    [2, 2],
  ],
  [
    [0, 0],
    [2, 0],
    [1, 1],
    [0, 2],
    [2, 2],
  ],
  [
    [0, 0],
    [2, 0],
    [0, 1],
    [2, 1],
    [0, 2],
    [2, 2],
  ],
];

/** @param {CardJson} card */
export function diceElement({ title: emoji = dieEmoji, text = '' }) {
  const label = say('diceValue', { emoji, value: text });
  const dots = emoji === dieEmoji ? dotsOfSides[Number(text) - 1] : undefined;
  const made = make('div', { class: 'dice', role: 'img', 'aria-label': label, title: label });
  if (dots) made.append(die(dots));
  else made.append(make('span', {}, emoji), make('b', {}, String(text)));
  return made;
}

/** @param {[number, number][]} dots */
function die(dots) {
  const svg = drawing('svg', { viewBox: `0 0 ${side} ${side}`, 'aria-hidden': 'true' });
  svg.append(drawing('rect', { x: 2, y: 2, width: side - 4, height: side - 4, rx: 20 }));
  for (const [x, y] of dots) svg.append(drawing('circle', { cx: 24 + 24 * x, cy: 24 + 24 * y, r: 8.5 }));
  return svg;
}
