/** Messages, media and service lines as elements. */
import { element, icon } from './dom.js';
import { richText } from './rich-text.js';
import { clock, fileSize, fullTime, words } from './words.js';

/**
 * One message that was sent.
 * @param {object} message as GET /api/chats/:id/messages has it
 */
export function bubble(message) {
  const { media, text } = message;
  const bubbleElement = element('li', { className: 'bubble', 'data-number': message.number });
  if (message.silent) bubbleElement.dataset.silent = '';
  if (message.reply_to) {
    bubbleElement.append(element('span', { className: 'reply' }, `${words().reply} ${message.reply_to}`));
  }
  if (media) bubbleElement.append(mediaElement(media, text));
  if (text) bubbleElement.append(element('div', { className: 'words' }, ...richText(text, message.entities)));
  else bubbleElement.dataset[isVisual(media) ? 'bare' : 'fileOnly'] = '';
  bubbleElement.append(stamp(message));
  return bubbleElement;
}

/**
 * A wait, a refusal or a cut connection.
 * @param {{at: number, method: string, text: string}} line
 */
export function serviceLine({ at, method, text }) {
  const isCut = text.startsWith('connection cut');
  const name = isCut ? undefined : element('code', {}, text);
  const where = name ? ` ${words().on} ${method}` : method;
  const title = fullTime(at);
  const children = [name, where, element('small', {}, `${meaning(text)} · ${clock(at)}`)];
  return element('li', { className: 'service', title }, ...children);
}

function meaning(text) {
  const wait = /_WAIT_(\d+)$/.exec(text);
  if (wait) return words().wait(Number(wait[1]));
  if (text.endsWith('before the call')) return words().cutBefore;
  if (text.endsWith('after the call')) return words().cutAfter;
  return words().refused;
}

function stamp({ at, silent, message_id: id }) {
  return element(
    'span',
    { className: 'stamp', title: `${fullTime(at)} · message ${id}${silent ? ` · ${words().silent}` : ''}` },
    silent && icon('quiet', 'quiet'),
    clock(at),
    icon('ticks'),
  );
}

function isVisual(media) {
  return Boolean(media?.url) && ['photo', 'video', 'animation', 'video_note'].includes(media.kind);
}

function mediaElement(media, text) {
  const { url, kind, name } = media;
  if (!url) return fileCard(media);
  if (kind === 'photo') return picture(media, text);
  const source = { src: url, controls: true, preload: 'metadata', title: name };
  if (isVisual(media)) return element('video', { ...source, className: 'picture' });
  if (kind === 'audio' || kind === 'voice') return element('audio', source);
  return fileCard(media);
}

/** A photo, its room kept free while it loads. */
function picture({ url, name, width, height }, text) {
  const image = element('img', { className: 'picture', src: url, alt: text || name, loading: 'lazy' });
  if (width && height) {
    const shown = Math.min(420, Math.max(width, 180));
    image.style.setProperty('width', `${shown}px`);
    image.style.setProperty('aspect-ratio', `${width} / ${height}`);
  }
  return image;
}

function fileCard({ url, name, size, sha256 }) {
  const about = url ? fileSize(size) : `${fileSize(size)} · ${words().gone}`;
  const inside = [
    element('span', { className: 'file-icon' }, icon('file')),
    element('span', { className: 'file-words' }, element('strong', {}, name), element('small', {}, about)),
  ];
  const title = `${words().download}: ${name}\nsha256 ${sha256}`;
  if (!url) return element('div', { className: 'file', title: `sha256 ${sha256}` }, ...inside);
  return element('a', { className: 'file', href: url, download: name, title }, ...inside);
}
