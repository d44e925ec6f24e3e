/** A shape for each state and level, so that colour is never alone, and for what a button does. */
import { drawing } from '../apps/ui/elements.js';

const shapes = {
  running: ['M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm-1.6 14.2-4-4 1.5-1.5 2.5 2.5 5.7-5.7 1.5 1.5Z'],
  stopped: ['M4 4h16v16H4Z'],
  restarting: ['M12 4V1l5 4-5 4V6.4A5.6 5.6 0 1 0 17.6 12H20a8 8 0 1 1-8-8Z'],
  failed: ['M12 2 23 21H1Zm-1.2 7v6h2.4V9Zm0 7.6V19h2.4v-2.4Z'],
  unknown: [
    'M12 1a11 11 0 1 0 0 22 11 11 0 0 0 0-22Zm0 2a9 9 0 1 1 0 18 9 9 0 0 1 0-18Z',
    'M10.8 15.4v2.4h2.4v-2.4Zm2.4-1.6c0-2 2.7-2.3 2.7-5A3.8 3.8 0 0 0 8.2 8.6h2.3a1.6 1.6 0 1 1 3.1.3c0 1.5-2.7 2-2.7 4.9Z',
  ],
  sun: [
    'M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10Zm-1-6h2v4h-2Zm0 18h2v4h-2ZM1 11h4v2H1Zm18 0h4v2h-4ZM3.5 4.9l1.4-1.4 2.8 2.8-1.4 1.4Zm12.8 12.8 1.4-1.4 2.8 2.8-1.4 1.4ZM4.9 20.5l-1.4-1.4 2.8-2.8 1.4 1.4ZM17.7 7.7l-1.4-1.4 2.8-2.8 1.4 1.4Z',
  ],
  moon: ['M20.7 15.3A9.3 9.3 0 0 1 8.7 3.3a9.3 9.3 0 1 0 12 12Z'],
  pending: ['M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 2.4a6.6 6.6 0 1 1 0 13.2 6.6 6.6 0 0 1 0-13.2Z'],
  paused: ['M5 3h5v18H5Zm9 0h5v18h-5Z'],
};

/**
 * An icon in the colour of the text; hidden from screen readers, as a word stands beside it.
 * @param {keyof typeof shapes} name
 */
export function icon(name) {
  const paths = shapes[name].map((d) => drawing('path', { d, fill: 'currentColor', 'fill-rule': 'evenodd' }));
  return drawing('svg', { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true' }, ...paths);
}
