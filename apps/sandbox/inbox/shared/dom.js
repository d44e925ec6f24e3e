/** What the page draws again and again: icons and buttons. */
import { drawing, make } from '../../../ui/elements.js';

/** @import { Child } from '../../../ui/elements.js' */

const iconsTimeoutMs = 20_000;

/**
 * An icon of icons.svg, which `loadIcons` puts into the page.
 * @param {string} name
 * @param {string} [className]
 * @returns {SVGSVGElement}
 */
export function icon(name, className = '') {
  const shape = drawing('use', { href: `#i-${name}` });
  return drawing('svg', { class: `icon ${className}`, 'aria-hidden': 'true' }, shape);
}

/** Puts the icons into the page: shown from another file they would blink whenever they are drawn. */
export async function loadIcons() {
  const answer = await fetch(new URL('../icons.svg', import.meta.url), {
    signal: AbortSignal.timeout(iconsTimeoutMs),
  });
  const sprite = new DOMParser().parseFromString(await answer.text(), 'image/svg+xml').documentElement;
  sprite.classList.add('sprite');
  sprite.setAttribute('aria-hidden', 'true');
  document.body.prepend(sprite);
}

/**
 * A button that input.js listens to.
 * @param {string} action
 * @param {{label: string, class?: string, [data: `data-${string}`]: string | undefined}} properties
 * @param {...Child} children
 */
export function button(action, { label, class: className = 'plain', ...data }, ...children) {
  const properties = {
    type: 'button',
    class: className,
    title: label,
    'aria-label': label,
    'data-action': action,
  };
  return make('button', { ...properties, ...data }, ...children);
}

/** Whether moving things is asked to be kept down. */
export function isCalm() {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
