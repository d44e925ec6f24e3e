/** Media of a message as Telegram shows it. */
import { make } from '../../../ui/elements.js';
import { button, icon, isCalm } from '../shared/dom.js';
import { fileSize, playtime } from '../shared/format.js';
import { say } from '../shared/language.js';
import { sound } from './sound.js';

/** @import { MediaJson } from '../../http/inbox-media-views.ts' */

const maxWidth = 420;
const maxHeight = 480;
const minWidth = 180;

/** What the lightbox shows of a picture. @type {WeakMap<Element, {media: MediaJson, text: string}>} */
export const pictures = new WeakMap();

/** Whether it is shown as a picture or a video, and is still there. @param {MediaJson} media */
export function isVisual({ kind, url, mime_type: type }) {
  if (!url) return false;
  if (kind === 'photo') return true;
  if (kind === 'animation' && type.startsWith('image/')) return true;
  return ['video', 'animation', 'video_note'].includes(kind) && /^video\/(mp4|webm|ogg|quicktime)/.test(type);
}

/** How wide it is shown: its own proportions within the room that a bubble has. @param {MediaJson} media */
export function visualWidth({ kind, width = 0, height = 0 }) {
  if (kind === 'video_note') return 240;
  if (!width || !height) return 360;
  const scale = Math.min(maxWidth / width, maxHeight / height);
  return Math.max(minWidth, width * Math.min(scale, Math.max(1, minWidth / width)));
}

/**
 * @param {MediaJson} media
 * @param {string} text the caption
 * @returns {HTMLElement}
 */
export function mediaElement(media, text) {
  const { kind, url } = media;
  if (isVisual(media)) return kind === 'video_note' ? videoNote(media) : visual(media, text);
  if (url && (kind === 'audio' || kind === 'voice')) return sound(media);
  return fileCard(media);
}

/**
 * A picture or a video with its room kept free while it loads.
 * @param {MediaJson} media
 * @param {string} text
 * @returns {HTMLElement}
 */
export function visual(media, text) {
  const { kind, mime_type: type, width, height, spoiler } = media;
  const made = type.startsWith('image/') ? picture(media, text) : video(media);
  if (width && height) made.style.setProperty('aspect-ratio', `${width} / ${height}`);
  if (kind === 'animation') made.append(make('span', { class: 'length' }, 'GIF'));
  if (spoiler) cover(made);
  return made;
}

/** @param {MediaJson} media @param {string} text */
function picture(media, text) {
  const image = make('img', { src: media.url, alt: text || media.name, loading: 'lazy', decoding: 'async' });
  const label = say('enlarge', { name: media.name });
  const properties = { type: 'button', class: 'visual', 'data-action': 'enlarge', 'aria-label': label };
  const made = make('button', properties, image);
  pictures.set(made, { media, text });
  return made;
}

/** Shown by its picture until it is pressed; animations run by themselves. @param {MediaJson} media */
function video({ url, kind, name, poster, seconds }) {
  const isLoop = kind === 'animation' && !isCalm();
  const playing = isLoop ? { autoplay: true, loop: true } : {};
  const player = make('video', {
    src: url,
    poster,
    playsinline: true,
    preload: poster ? 'none' : 'metadata',
    'aria-label': name,
    ...playing,
  });
  player.muted = isLoop; // The attribute counts only in markup.
  const made = make('div', { class: 'visual' }, player);
  if (isLoop) return made;
  const label = `${say('watch')}: ${name}`;
  made.append(button('play-video', { label, class: 'start' }, icon('play')));
  if (seconds) made.append(make('span', { class: 'length' }, playtime(seconds)));
  return made;
}

/** Hides it until somebody asks to see it. @param {HTMLElement} made */
function cover(made) {
  made.classList.add('covered');
  const isButton = made instanceof HTMLButtonElement;
  if (isButton) made.dataset.action = 'uncover';
  const label = make('span', {}, icon('eye'), say('reveal'));
  const properties = { class: 'cover', 'data-action': 'uncover' };
  made.append(
    isButton ? make('span', properties, label) : make('button', { type: 'button', ...properties }, label),
  );
}

/** A round video message: pressed, it plays. @param {MediaJson} media */
function videoNote({ url, seconds, spoiler, poster }) {
  const preload = poster ? 'none' : 'metadata';
  const player = make('video', { src: url, poster, playsinline: true, preload });
  const length = seconds !== undefined && make('span', { class: 'length' }, playtime(seconds));
  const label = say('video_note');
  const properties = { type: 'button', class: 'note', 'data-action': 'play-note', 'aria-label': label };
  const made = make('button', properties, player, icon('play'), length);
  player.addEventListener('play', () => (made.dataset.playing = ''));
  for (const end of ['pause', 'ended']) player.addEventListener(end, () => delete made.dataset.playing);
  if (spoiler) cover(made);
  return made;
}

/** The picture that was sent to stand for a file. @param {string} poster */
function thumbnail(poster) {
  const image = make('img', { src: poster, alt: '', loading: 'lazy' });
  const made = make('span', { class: 'file-thumbnail' }, icon('file'), image);
  image.addEventListener('error', () => image.remove());
  return made;
}

/** A file to download. @param {MediaJson} media */
function fileCard({ url, name, size, sha256, poster }) {
  const about = url ? fileSize(size) : `${fileSize(size)} · ${say('gone')}`;
  const inside = [
    poster && url ? thumbnail(poster) : make('span', { class: 'file-icon' }, icon(url ? 'file' : 'gone')),
    make('span', { class: 'file-words' }, make('strong', {}, name), make('small', {}, about)),
  ];
  const title = `${name}\nsha256 ${sha256}`;
  if (!url) return make('div', { class: 'file', title, 'aria-disabled': 'true' }, ...inside);
  return make(
    'a',
    { class: 'file', href: `${url}?download`, download: name, title },
    make('span', { class: 'unseen' }, say('download')),
    ...inside,
  );
}
