/** A short word on what came of something, for a moment at the bottom, and for screen readers. */
import { copy } from '../../../ui/clipboard.js';
import { byId } from '../../../ui/elements.js';
import { say } from './language.js';
import { explainProblem } from './problem.js';

const shownMs = 4000;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/**
 * @param {string} words
 * @param {'ok' | 'error'} [tone]
 */
export function toast(words, tone = 'ok') {
  const place = byId('toast');
  place.textContent = words;
  place.dataset.tone = tone;
  place.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => (place.hidden = true), shownMs);
}

/** Copies text and says so. @param {string} text */
export async function copyText(text) {
  if (await copy(text)) toast(say('copied'));
  else toast(say('notCopied'), 'error');
}

/** Says what failed. @param {unknown} error */
export function reportError(error) {
  console.warn(error);
  toast(explainProblem(error), 'error');
}
