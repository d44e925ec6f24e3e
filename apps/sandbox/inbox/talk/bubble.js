/** A message, or an album of them, as a bubble. */
import { icon, make } from '../dom.js';
import { clock, day, fullTime } from '../format.js';
import { say } from '../language.js';
import { albumGrid } from '../media/album.js';
import { isVisual, mediaElement, visualWidth } from '../media/media.js';
import { richText } from './rich-text.js';

/**
 * @typedef {import('../types.js').Message} Message
 * @typedef {import('../types.js').Reply} Reply
 */

const ALBUM_WIDTH = 420;
const LEAST_CAPTION_WIDTH = 260;
const FRESH_MS = 2000;

/** @param {Message} message @returns {HTMLElement} */
export function bubble(message) {
  const { media, text } = message;
  const made = frame(message);
  if (media) made.append(mediaElement(media, text));
  if (text) made.append(wordsOf(message));
  else if (media?.kind === 'video_note') made.dataset.round = '';
  else if (media) made.dataset[isVisual(media) ? 'bare' : 'fileOnly'] = '';
  if (media && isVisual(media)) {
    const width = visualWidth(media);
    setWidth(made, text ? Math.max(width, LEAST_CAPTION_WIDTH) : width);
  }
  made.append(stamp(message));
  return made;
}

/** Several messages of one album in one bubble; pictures as a grid, files under one another. @param {Message[]} album */
export function albumBubble(album) {
  const first = /** @type {Message} */ (album[0]);
  const last = /** @type {Message} */ (album.at(-1));
  const made = frame(first);
  const visual = album.every(({ media }) => media && isVisual(media));
  if (visual) {
    made.append(albumGrid(album));
    const captions = album.filter(({ text }) => text);
    for (const message of captions) made.append(wordsOf(message));
    if (captions.length === 0) made.dataset.bare = '';
    setWidth(made, ALBUM_WIDTH);
  } else {
    for (const message of album) {
      const part = make('div', { id: `message-${message.number}` });
      if (message.media) part.append(mediaElement(message.media, message.text));
      if (message.text) part.append(wordsOf(message));
      made.append(part);
    }
    if (!last.text) made.dataset.fileOnly = '';
  }
  made.append(stamp(last));
  return made;
}

/** @param {Message} message */
function frame({ number, at, silent, scheduled_for: scheduled, topic, reply }) {
  const made = make('li', { className: 'bubble', id: `message-${number}` });
  if (silent) made.dataset.silent = '';
  if (scheduled) made.dataset.scheduled = '';
  if (Date.now() - at < FRESH_MS) made.classList.add('arrived');
  if (topic) {
    made.append(
      make('span', { className: 'topic', title: `${say('topic')}: ${topic}` }, icon('topic'), topic),
    );
  }
  if (reply) made.append(quote(reply));
  return made;
}

/** The quoted line of a reply; pressed, it shows the message that it quotes. @param {Reply} reply */
function quote({ message_id: id, number, text, media }) {
  const heading = make('strong', {}, say('replyTo'));
  if (number === undefined) {
    return make('div', { className: 'reply' }, heading, make('span', {}, say('replyUnknown', { id })));
  }
  const said = make('span', {}, text || (media ? say(media) : `#${id}`));
  const properties = { type: 'button', className: 'reply', 'data-action': 'jump', 'data-number': number };
  return make('button', properties, heading, said);
}

/** @param {Message} message */
function wordsOf({ text, entities }) {
  return make('div', { className: 'words', dir: 'auto' }, ...richText(text, entities));
}

/** @param {Message} message */
function stamp({ at, silent, scheduled_for: scheduled, message_id: id }) {
  const notes = [fullTime(at), `message ${id}`, silent && say('silent')].filter(Boolean);
  const title = notes.join(' · ');
  const bell = silent && icon('quiet', 'quiet');
  const hidden = silent && make('span', { className: 'unseen' }, say('silent'));
  if (scheduled) {
    const isToday = new Date(scheduled).toDateString() === new Date().toDateString();
    const time = isToday ? clock(scheduled) : `${day(scheduled)}, ${clock(scheduled)}`;
    const when = say('scheduled', { time });
    return make(
      'span',
      { className: 'stamp', title: `${when} · ${title}` },
      bell,
      hidden,
      icon('clock', 'later'),
      when,
    );
  }
  return make('span', { className: 'stamp', title }, bell, hidden, clock(at), icon('ticks'));
}

/**
 * @param {HTMLElement} made
 * @param {number} width
 */
function setWidth(made, width) {
  made.style.setProperty('width', `min(${Math.round(width)}px, 88%)`);
}
