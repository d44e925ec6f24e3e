/** Making and changing elements. What comes from outside becomes text, never markup. */
import { say } from './language.js';

/** @import { Word } from './language.js' */

/**
 * An element with attributes and children; a string child is text.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/**
 * The element of the page with that id.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element ${id}`);
  return element;
}

/**
 * Sets the text where it differs, so that nothing is drawn or read out anew without need.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Sets or, for null, removes an attribute, where it differs.
 * @param {Element} element
 * @param {string} name
 * @param {string | null} value
 */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/**
 * Lights an element up briefly.
 * @param {Element} element
 */
export function lightUp(element) {
  element.classList.remove('changed');
  void element.getBoundingClientRect(); // Lets the animation begin again.
  element.classList.add('changed');
}

/** What a word of the page can stand in, by the attribute that names the word. */
const places = /** @type {const} */ ({
  'data-word': (/** @type {Element} */ element, /** @type {string} */ text) => setText(element, text),
  'data-word-label': (/** @type {Element} */ element, /** @type {string} */ text) =>
    setAttribute(element, 'aria-label', text),
  'data-word-placeholder': (/** @type {Element} */ element, /** @type {string} */ text) =>
    setAttribute(element, 'placeholder', text),
  'data-word-title': (/** @type {Element} */ element, /** @type {string} */ text) =>
    setAttribute(element, 'title', text),
});

/**
 * Puts the words of the language of the page where `data-word` and its kin name them.
 * @param {Element} root
 */
export function translate(root) {
  for (const [attribute, put] of Object.entries(places)) {
    for (const element of [root, ...root.querySelectorAll(`[${attribute}]`)]) {
      const word = element.getAttribute(attribute);
      if (word !== null) put(element, say(/** @type {Word} */ (word)));
    }
  }
}
