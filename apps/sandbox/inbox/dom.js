/** Making elements. What comes from outside becomes text, never markup. */

/** @typedef {Node | string | undefined | null | false} Child */

const ICONS_TIMEOUT_MS = 20_000;

/**
 * An element with properties and children; names that start with `data-` or `aria-`, and `role`, become attributes.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} [properties]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined) continue;
    if (/^(data-|aria-|role$|list$|for$)/.test(name)) made.setAttribute(name, String(value));
    else Reflect.set(made, name, value);
  }
  for (const child of children) if (child || child === '') made.append(child);
  return made;
}

/**
 * An icon of icons.svg, which `loadIcons` puts into the page.
 * @param {string} name
 * @param {string} [className]
 * @returns {SVGSVGElement}
 */
export function icon(name, className = '') {
  const svg = drawing('svg', { class: `icon ${className}`, 'aria-hidden': 'true' });
  svg.append(drawing('use', { href: `#i-${name}` }));
  return /** @type {SVGSVGElement} */ (svg);
}

/** Puts the icons into the page: shown from another file they would blink whenever they are drawn. */
export async function loadIcons() {
  const answer = await fetch('/inbox/icons.svg', { signal: AbortSignal.timeout(ICONS_TIMEOUT_MS) });
  const sprite = new DOMParser().parseFromString(await answer.text(), 'image/svg+xml').documentElement;
  sprite.classList.add('sprite');
  sprite.setAttribute('aria-hidden', 'true');
  document.body.prepend(sprite);
}

/**
 * An SVG element with attributes.
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @returns {SVGElement}
 */
export function drawing(tag, attributes = {}) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

/**
 * The element of the page with that id.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element ${id}`);
  return found;
}

/**
 * A button that main.js listens to.
 * @param {string} action
 * @param {{label: string, className?: string, [data: `data-${string}`]: string | undefined}} properties
 * @param {...Child} children
 */
export function button(action, { label, className = 'plain', ...data }, ...children) {
  const properties = { type: 'button', className, title: label, 'aria-label': label, 'data-action': action };
  return make('button', { ...properties, ...data }, ...children);
}

/** Whether moving things is asked to be kept down. */
export function isCalm() {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
