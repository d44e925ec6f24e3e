/** The steps of Clear flood wait while it runs: each with its state, and a wait with what is left of it. */
import { make, setAttribute, setText } from '../apps/ui/elements.js';
import { formatCountdown } from './format.js';
import { icon } from './icons.js';
import { say } from './language.js';
import { inWords } from './reasons.js';

/** @import { Step } from '../apps/monitor/procedures/steps.ts' */

const icons = /** @type {const} */ ({
  pending: 'pending',
  running: 'restarting',
  done: 'running',
  failed: 'failed',
  skipped: 'stopped',
});

/**
 * @param {(service: string | null) => string} labelOf
 * @returns {{ element: HTMLElement, show: (steps: readonly Step[], now: number) => void }}
 */
export function createSteps(labelOf) {
  const element = make('ol', { class: 'steps' });

  /** @param {Step} step @param {number} now */
  const wordsOf = ({ kind, service, seconds, state, until, detail, causes }, now) => {
    const left = until === null ? (seconds ?? 0) : (Date.parse(until) - now) / 1000;
    const said =
      kind === 'wait'
        ? say('step.wait', { time: formatCountdown(state === 'done' ? (seconds ?? 0) : Math.max(0, left)) })
        : say(`step.${kind}`, { label: labelOf(service) });
    return [said, state === 'pending' ? '' : say(`step.${state}`), inWords(detail, causes)]
      .filter(Boolean)
      .join(' · ');
  };

  return {
    element,
    show: (steps, now) => {
      if (element.childElementCount !== steps.length) {
        element.replaceChildren(
          ...steps.map(() => make('li', {}, make('span', { class: 'shape' }), make('span'))),
        );
      }
      steps.forEach((step, index) => {
        const item = element.children[index];
        const [shape, words] = item?.children ?? [];
        if (!item || !shape || !words) return;
        if (item.getAttribute('data-state') !== step.state) {
          item.setAttribute('data-state', step.state);
          shape.replaceChildren(icon(icons[step.state]));
        }
        setAttribute(item, 'aria-current', step.state === 'running' ? 'step' : null);
        setText(words, wordsOf(step, now));
      });
    },
  };
}
