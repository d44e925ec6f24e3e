/** One picture over the whole page, with the others of the conversation one arrow key away. */
import { make } from '../../../ui/elements.js';
import { button, icon } from '../shared/dom.js';
import { fileSize } from '../shared/format.js';
import { say } from '../shared/language.js';
import { pictures } from './media.js';

/** Opens the picture that was pressed. The dialog keeps the focus inside and closes on Escape. @param {Element} pressed */
export function openLightbox(pressed) {
  const all = [...document.querySelectorAll('#messages button.visual:not(.covered)')];
  let index = Math.max(0, all.indexOf(pressed));
  const image = make('img', { alt: '' });
  const name = make('p');
  const footer = make('footer');
  const download = make(
    'a',
    { class: 'plain', title: say('download'), 'aria-label': say('download') },
    icon('file'),
  );
  const close = button('close-lightbox', { label: say('close') }, icon('close'));
  const back = button(
    'step',
    { label: say('previous'), class: 'plain step', 'data-step': '-1' },
    icon('back'),
  );
  const next = button('step', { label: say('next'), class: 'plain step', 'data-step': '1' }, icon('next'));
  const stage = make('div', { class: 'stage' }, image, back, next);
  const header = make('header', {}, name, download, close);
  const dialog = make('dialog', { class: 'lightbox' }, header, stage, footer);

  const show = () => {
    const shown = pictures.get(/** @type {Element} */ (all[index]));
    if (!shown) return;
    const { media, text } = shown;
    const size = media.width && media.height ? ` · ${media.width} × ${media.height}` : '';
    name.textContent = `${media.name} · ${fileSize(media.size)}${size}`;
    image.src = media.url ?? '';
    image.alt = text || media.name;
    dialog.setAttribute('aria-label', media.name);
    Object.assign(download, { href: `${media.url}?download`, download: media.name });
    footer.textContent = text;
    footer.hidden = text === '';
    back.hidden = index === 0;
    next.hidden = index === all.length - 1;
  };
  const step = (/** @type {number} */ by) => {
    index = Math.min(all.length - 1, Math.max(0, index + by));
    show();
  };
  dialog.addEventListener('click', (event) => {
    event.stopPropagation();
    const target = /** @type {Element} */ (event.target);
    const pressedStep = target.closest('[data-step]')?.getAttribute('data-step');
    if (pressedStep) step(Number(pressedStep));
    else if (target === stage || target.closest('[data-action=close-lightbox]')) dialog.close();
  });
  dialog.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'ArrowLeft') step(-1);
    if (event.key === 'ArrowRight') step(1);
  });
  dialog.addEventListener('close', () => dialog.remove());
  show();
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}
