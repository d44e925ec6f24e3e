/** A message, or an album of them, as a bubble. */
import { cardElement, cardPlace } from '../cards/card.js';
import { make } from '../../../ui/elements.js';
import { icon } from '../shared/dom.js';
import { clock, day, fullTime } from '../shared/format.js';
import { say } from '../shared/language.js';
import { albumGrid } from '../media/album.js';
import { isVisual, mediaElement, visualWidth } from '../media/media.js';
import { richText } from '../shared/rich-text.js';

/** @import { MessageJson, ReplyJson } from '../../http/inbox-views.ts' */

const albumWidth = 420;
const leastCaptionWidth = 260;
const cardWidth = 340;
const freshMs = 2000;

/** @param {MessageJson} message @returns {HTMLElement} */
export function bubble(message) {
  const { media, text, card } = message;
  const made = frame(message);
  if (media) made.append(mediaElement(media, text));
  if (card && card.kind !== 'webpage') made.append(cardElement(card));
  if (text) made.append(wordsOf(message));
  else if (card) made.dataset[cardPlace(card)] = '';
  else if (media?.kind === 'video_note') made.dataset.round = '';
  else if (media) made.dataset[isVisual(media) ? 'bare' : 'fileOnly'] = '';
  if (card?.kind === 'webpage') made.append(cardElement(card));
  if (card?.poll || card?.latitude !== undefined) setWidth(made, cardWidth);
  if (media && isVisual(media)) {
    const width = visualWidth(media);
    setWidth(made, text ? Math.max(width, leastCaptionWidth) : width);
  }
  made.append(stamp(message));
  return made;
}

/** Several messages of one album in one bubble; pictures as a grid, files under one another. @param {MessageJson[]} album */
export function albumBubble(album) {
  const first = /** @type {MessageJson} */ (album[0]);
  const last = /** @type {MessageJson} */ (album.at(-1));
  const made = frame(first);
  const visual = album.every(({ media }) => media && isVisual(media));
  if (visual) {
    made.append(albumGrid(album));
    const captions = album.filter(({ text }) => text);
    for (const message of captions) made.append(wordsOf(message));
    if (captions.length === 0) made.dataset.bare = '';
    setWidth(made, albumWidth);
  } else {
    for (const message of album) {
      const part = make('div', { id: `message-${message.key}` });
      if (message.media) part.append(mediaElement(message.media, message.text));
      if (message.text) part.append(wordsOf(message));
      made.append(part);
    }
    if (!last.text) made.dataset.fileOnly = '';
  }
  made.append(stamp(last));
  return made;
}

/** @param {MessageJson} message */
function frame({ key, at, silent, scheduled_for: scheduled, topic, reply, from, deleted }) {
  const made = make('li', { class: 'bubble', id: `message-${key}` });
  if (silent) made.dataset.silent = '';
  if (scheduled !== undefined) made.dataset.scheduled = '';
  if (deleted) made.dataset.deleted = '';
  if (from !== undefined) {
    made.dataset.theirs = '';
    made.append(make('strong', { class: 'author' }, from));
  }
  if (scheduled === undefined && Date.now() - at < freshMs) made.classList.add('arrived');
  if (topic) {
    made.append(make('span', { class: 'topic', title: `${say('topic')}: ${topic}` }, icon('topic'), topic));
  }
  if (reply) made.append(quote(reply));
  return made;
}

/** The quoted line of a reply; pressed, it shows the message that it quotes. @param {ReplyJson} reply */
function quote({ message_id: id, key, from, text, media }) {
  const heading = make('strong', {}, key === undefined ? say('replyTo') : (from ?? say('you')));
  if (key === undefined) {
    return make('div', { class: 'reply' }, heading, make('span', {}, say('replyUnknown', { id })));
  }
  const said = make('span', {}, text || (media ? say(media) : `#${id}`));
  const properties = { type: 'button', class: 'reply', 'data-action': 'jump', 'data-of': key };
  return make('button', properties, heading, said);
}

/** @param {MessageJson} message */
function wordsOf({ text, entities }) {
  return make('div', { class: 'words', dir: 'auto' }, ...richText(text, entities));
}

/** When it was sent, or is to be, and how it went. @param {MessageJson} message */
function stamp({ at, silent, scheduled_for: scheduled, message_id: id, edited_at: edited, deleted, from }) {
  const isWaiting = scheduled !== undefined;
  const when = isWaiting ? waitingFor(scheduled) : clock(at);
  const notes = [
    isWaiting ? when : fullTime(at),
    say('messageId', { id }),
    silent && say('silent'),
    edited && `${say('edited')} ${fullTime(edited)}`,
  ];
  const tick = isWaiting ? undefined : from === undefined && icon('ticks');
  return make(
    'span',
    { class: 'stamp', title: notes.filter(Boolean).join(' · ') },
    silent && icon('quiet', 'quiet'),
    silent && make('span', { class: 'unseen' }, say('silent')),
    deleted && make('span', {}, say('deleted')),
    edited !== undefined && !deleted && make('span', {}, say('edited')),
    isWaiting && icon('clock', 'later'),
    when,
    tick,
  );
}

/** @param {number} at 0 for when they are online */
function waitingFor(at) {
  if (at === 0) return say('scheduledOnline');
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  return say('scheduled', { time: isToday ? clock(at) : `${day(at).toLowerCase()}, ${clock(at)}` });
}

/**
 * @param {HTMLElement} made
 * @param {number} width
 */
function setWidth(made, width) {
  made.style.setProperty('width', `min(${Math.round(width)}px, 88%)`);
}
