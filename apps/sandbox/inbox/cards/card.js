/** What a message can hold in place of a file: a contact, a place, a die, a poll, the page that a link leads to. */
import { avatar } from '../chats/avatar.js';
import { make } from '../../../ui/elements.js';
import { say } from '../shared/language.js';
import { diceElement } from './dice.js';
import { mapElement } from './map.js';
import { pollElement } from './poll.js';

/** @import { CardJson } from '../../http/cards.ts' */

/** How a card stands in its bubble: bare, or with the time below it. @param {CardJson} card */
export function cardPlace({ kind }) {
  return kind === 'dice' ? 'sticker' : 'fileOnly';
}

/** @param {CardJson} card @returns {HTMLElement} */
export function cardElement(card) {
  const { kind, poll, latitude } = card;
  if (poll) return pollElement(poll);
  if (kind === 'dice') return diceElement(card);
  if (kind === 'contact') return contact(card);
  if (latitude !== undefined) return place(card);
  return linkPreview(card);
}

/** @param {CardJson} card */
function contact({ title = '', text = '' }) {
  const phone = `+${String(text).replace(/^\+/, '')}`;
  const face = avatar({ chat_id: phone, title: title || phone, kind: 'user' });
  const words = make('span', { class: 'file-words' }, make('strong', {}, title), make('small', {}, phone));
  return make('div', { class: 'file contact', title: say('contact') }, face, words);
}

/** @param {CardJson} card */
function place({ kind, title, text, latitude = 0, longitude = 0, accuracy_m: accuracy }) {
  const at = `${latitude}/${longitude}`;
  const href = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${at}`;
  const words = make(
    'span',
    { class: 'place-words' },
    kind === 'venue' && make('strong', {}, title),
    kind === 'venue' && make('small', {}, String(text)),
    accuracy !== undefined && make('small', {}, say('placeAccuracy', { metres: accuracy })),
    make('a', { href, target: '_blank', rel: 'noreferrer' }, say('openMap')),
  );
  return make('div', { class: 'place' }, mapElement(latitude, longitude), words);
}

/** @param {CardJson} card */
function linkPreview({ url = '' }) {
  const host = URL.canParse(url) ? new URL(url).host : url;
  return make(
    'div',
    { class: 'link-preview', title: say('webpage') },
    make('strong', {}, host),
    make('span', {}, url),
  );
}
