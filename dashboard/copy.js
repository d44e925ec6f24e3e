/** A button that copies a text, and says that it has. */
import { make, setText } from './elements.js';
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

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text); // A page that came without TLS has no clipboard of the newer kind.
  }
}

/** @param {string} text */
function copyBySelection(text) {
  const area = make('textarea', { class: 'off-screen', 'aria-hidden': 'true' });
  area.value = text;
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  return isCopied;
}
