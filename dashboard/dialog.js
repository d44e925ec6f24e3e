/** A dialog over the page: the browser keeps the focus inside and closes it on Escape. */
import { make } from '../apps/ui/elements.js';

let opened = 0;

/**
 * Opens a dialog with a title; a click beside it closes it.
 * @param {string} title
 * @param {...Node} content
 * @returns {{ dialog: HTMLDialogElement, closed: Promise<string> }} what it was closed with
 */
export function openDialog(title, ...content) {
  opened += 1;
  const id = `dialog-${opened}`;
  const dialog = make('dialog', { 'aria-labelledby': id }, make('h2', { id }, title), ...content);
  /** @type {Promise<string>} */
  const closed = new Promise((resolve) => {
    dialog.addEventListener('click', (event) => {
      if (event.target === dialog && isOutside(dialog, event)) dialog.close();
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, closed };
}

/**
 * Whether a click on the dialog was on what lies behind it.
 * @param {HTMLElement} dialog
 * @param {MouseEvent} event
 */
function isOutside(dialog, { clientX, clientY }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}
