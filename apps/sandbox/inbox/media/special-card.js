/** Media that is no file: a contact, a place, a die, the page that a link leads to. */
import { icon, make } from '../dom.js';
import { say } from '../language.js';

/** @typedef {import('../types.js').Card} Card */

/** @param {Card} card */
export function specialCard({ kind, title, text, url }) {
  if (kind === 'dice')
    return make(
      'div',
      { className: 'dice', title: say('dice') },
      title ?? '',
      make('b', {}, String(text ?? '')),
    );
  const word = kind === 'contact' || kind === 'venue' || kind === 'webpage' ? say(kind) : say('geo');
  const about = make('small', {}, String(text ?? url ?? ''));
  const words = make('span', { className: 'file-words' }, make('strong', {}, title ?? word), about);
  return make(
    'div',
    { className: 'file', title: word },
    make('span', { className: 'file-icon' }, icon(ICONS.get(kind) ?? 'place')),
    words,
  );
}

const ICONS = new Map([
  ['contact', 'person'],
  ['webpage', 'connect'],
]);
