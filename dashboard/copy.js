/** A button that copies a text, and says that it has. */
import { copy } from '../apps/ui/clipboard.js';
import { make, setText } from '../apps/ui/elements.js';
import { say } from './language.js';

/** @import { Word } from './language.js' */

const saidMs = 2_000;

/**
 * @param {Word} word
 * @param {() => string} textOf asked when it is pressed
 * @returns {HTMLButtonElement}
 */
export function copyButton(word, textOf) {
  const button = make('button', { type: 'button', 'data-word': word }, say(word));
  button.addEventListener('click', async () => {
    const isCopied = await copy(textOf());
    setText(button, say(isCopied ? 'copied' : 'copy.failed'));
    setTimeout(() => setText(button, say(word)), saidMs);
  });
  return button;
}
