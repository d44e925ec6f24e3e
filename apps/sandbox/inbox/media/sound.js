/** Voice messages and audio files: play, a bar to move in, and how long they are. */
import { drawing, make } from '../../../ui/elements.js';
import { icon } from '../shared/dom.js';
import { fileSize, playtime } from '../shared/format.js';
import { say } from '../shared/language.js';

/** @import { MediaJson } from '../../http/inbox-media-views.ts' */

const barCount = 44;
const barStep = 5;
const waveHeight = 24;

/** @type {HTMLAudioElement | undefined} */
let playing;

/** @param {MediaJson} media */
export function sound(media) {
  const { kind, name, size, url, performer, title } = media;
  const isVoice = kind === 'voice';
  const label = isVoice ? say('voice') : [performer, title || name].filter(Boolean).join(' – ');
  const known = media.seconds;
  const player = make('audio', { src: url, preload: known === undefined ? 'metadata' : 'none' });
  const play = make(
    'button',
    { type: 'button', class: 'sound-play', 'aria-label': `${say('play')}: ${label}` },
    icon('play'),
  );
  const { wave, bars } = waveOf(media);
  const seek = make('input', { type: 'range', min: '0', max: '1000', value: '0', 'aria-label': say('seek') });
  const time = make('span', {}, known === undefined ? '–:––' : playtime(known));
  const about = make('span', {}, isVoice ? fileSize(size) : performer || fileSize(size));
  const under = make('div', { class: 'under' }, time, about);
  const head = isVoice ? undefined : make('strong', { title: name }, title || name);
  const made = make('div', { class: 'sound' }, play, head, make('div', { class: 'wave' }, wave, seek));
  if (isVoice) made.append(under);
  else made.append(make('span'), under);

  const length = () =>
    Number.isFinite(player.duration) && player.duration > 0 ? player.duration : (known ?? 0);
  const show = () => {
    const share = length() > 0 ? player.currentTime / length() : 0;
    bars.forEach((bar, index) => bar.classList.toggle('played', index / bars.length < share));
    seek.value = String(Math.round(share * 1000));
    seek.setAttribute('aria-valuetext', playtime(player.currentTime));
    const isBegun = player.currentTime > 0;
    time.textContent = isBegun
      ? `${playtime(player.currentTime)} / ${playtime(length())}`
      : playtime(length());
  };
  const toggled = () => {
    play.replaceChildren(icon(player.paused ? 'play' : 'pause'));
    play.setAttribute('aria-label', `${say(player.paused ? 'play' : 'pause')}: ${label}`);
  };
  for (const event of ['loadedmetadata', 'timeupdate', 'seeked']) player.addEventListener(event, show);
  for (const event of ['play', 'pause', 'ended']) player.addEventListener(event, toggled);
  player.addEventListener('ended', () => (player.currentTime = 0));
  play.addEventListener('click', () => {
    if (!player.paused) return player.pause();
    if (playing !== player) playing?.pause();
    playing = player;
    player.play().catch(() => (time.textContent = say('refused')));
  });
  seek.addEventListener('input', () => {
    if (length() > 0) player.currentTime = (Number(seek.value) / 1000) * length();
  });
  return made;
}

/** Bars as high as the recording is loud; where that is not told, from its checksum, so that each has a face. @param {MediaJson} media */
function waveOf({ waveform, sha256 }) {
  const levels = waveform && waveform.length > 1 ? waveform : madeUp(sha256);
  const wave = drawing('svg', {
    viewBox: `0 0 ${barCount * barStep - 2} ${waveHeight}`,
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  });
  const most = Math.max(...levels, 1);
  const bars = Array.from({ length: barCount }, (_, index) => {
    const level = levels[Math.floor((index / barCount) * levels.length)] ?? 0;
    const height = 3 + (level / most) * (waveHeight - 3);
    return drawing('rect', { x: index * barStep, y: waveHeight - height, width: 3, height, rx: 1.5 });
  });
  wave.append(...bars);
  return { wave, bars };
}

/** @param {string} checksum */
function madeUp(checksum) {
  return Array.from(
    { length: barCount },
    (_, index) => 4 + parseInt(checksum[index % checksum.length] ?? '8', 16),
  );
}
