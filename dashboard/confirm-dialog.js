/** Asks before something is done that is not undone by the next click; says what it does. */
import { make } from '../apps/ui/elements.js';
import { say } from './language.js';
import { openDialog } from './dialog.js';

/**
 * Opens the dialog; Escape, Cancel and a click beside it are a no.
 * @param {object} question
 * @param {string} question.title
 * @param {(string | Node)[]} question.effects a paragraph each
 * @param {string} question.confirm the word on the button
 * @param {boolean} [question.isDangerous]
 * @returns {Promise<boolean>}
 */
export async function confirmAction({ title, effects, confirm, isDangerous = true }) {
  const cancel = make('button', { type: 'button', autofocus: '' }, say('cancel'));
  const sure = make(
    'button',
    { type: 'button', class: isDangerous ? 'danger sure' : 'primary sure' },
    confirm,
  );
  const { dialog, closed } = openDialog(
    title,
    ...effects.map((effect) => make('p', {}, effect)),
    make('div', { class: 'answers' }, cancel, sure),
  );
  cancel.addEventListener('click', () => dialog.close());
  sure.addEventListener('click', () => dialog.close('sure'));
  return (await closed) === 'sure';
}
