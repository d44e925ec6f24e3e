/** Light or dark: the reader's choice, else dark, as whoever is woken at night wants it. */
import { icon } from './icons.js';
import { say } from './language.js';

/** @typedef {'dark' | 'light'} Theme */

const storageKey = 'vestnik.theme';

/**
 * Makes `button` change the theme, and takes up the stored choice.
 * @param {HTMLElement} button
 */
export function followTheme(button) {
  apply(button, stored());
  button.addEventListener('click', () => {
    const chosen = document.documentElement.dataset.theme === 'light' ? 'dark' : 'light';
    apply(button, chosen);
    try {
      localStorage.setItem(storageKey, chosen);
    } catch {
      // Storage can be switched off; the choice then lasts as long as the page.
    }
  });
}

/**
 * Says on the button, in the language of the page, what a click does.
 * @param {HTMLElement} button
 */
export function labelTheme(button) {
  const label = say(document.documentElement.dataset.theme === 'light' ? 'theme.dark' : 'theme.light');
  button.title = label;
  button.setAttribute('aria-label', label);
}

/**
 * @param {HTMLElement} button
 * @param {Theme} theme
 */
function apply(button, theme) {
  document.documentElement.dataset.theme = theme;
  button.replaceChildren(icon(theme === 'light' ? 'moon' : 'sun'));
  labelTheme(button);
}

/** @returns {Theme} */
function stored() {
  try {
    return localStorage.getItem(storageKey) === 'light' ? 'light' : 'dark';
  } catch {
    return 'dark';
  }
}
