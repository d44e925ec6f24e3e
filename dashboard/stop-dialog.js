/** Asks before a service is stopped, naming it and what that does. */
import { make } from './elements.js';
import { formatCount } from './format.js';
import { say } from './language.js';

/** @import { Service } from './types.js' */

/**
 * Opens the dialog; Escape and Cancel are a no.
 * @param {Service} service
 * @returns {Promise<boolean>} whether it is to be stopped
 */
export function confirmStop({ label, port, queue }) {
  const effect = queue
    ? say('stop.effect', { port, depth: formatCount(queue.depth) })
    : say('stop.effect.unknown', { port });
  const cancel = make('button', { type: 'button', autofocus: '' }, say('cancel'));
  const confirm = make('button', { type: 'button', class: 'danger sure' }, say('stop.confirm', { label }));
  const dialog = make(
    'dialog',
    { 'aria-labelledby': 'stop-title', 'aria-describedby': 'stop-effect' },
    make('h2', { id: 'stop-title' }, say('stop.title', { label })),
    make('p', { id: 'stop-effect' }, effect),
    make('div', { class: 'answers' }, cancel, confirm),
  );
  return new Promise((resolve) => {
    cancel.addEventListener('click', () => dialog.close());
    confirm.addEventListener('click', () => dialog.close('stop'));
    dialog.addEventListener(
      'click',
      (event) => event.target === dialog && isOutside(dialog, event) && dialog.close(),
    );
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'stop');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
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
