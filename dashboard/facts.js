/** The numbers on a card, each in a place of its own that only changes its text. */
import { lightUp, make, setText } from '../apps/ui/elements.js';
import { formatAgo, formatCount, formatDuration, formatExact } from './format.js';
import { say } from './language.js';

/** @import { ServiceView } from '../apps/monitor/health/service-view.ts' */
/** @import { Word } from './language.js' */

/**
 * @typedef {object} Fact
 * @property {Word} word
 * @property {(service: ServiceView) => unknown} raw null where the service does not offer it
 * @property {(service: ServiceView, now: number) => string} shown asked only where `raw` is not null
 * @property {(service: ServiceView) => string} exact
 * @property {boolean} [lightsUp] whether a change is worth the eye: what changes all the time is not
 */

/** @param {string | null} iso */
const exactTime = (iso) => (iso === null ? '' : formatExact(iso));

/** Whether it counts and times what it does at all. @param {ServiceView} service */
const tells = ({ answers, lacks }) => answers && !(lacks.includes('/stats') && lacks.includes('/metrics'));

/** @type {Fact[]} */
const facts = [
  {
    word: 'fact.uptime',
    raw: ({ uptime_s }) => uptime_s,
    shown: ({ uptime_s }) => formatDuration(uptime_s ?? 0),
    exact: ({ uptime_s }) => `${uptime_s} s`,
  },
  {
    word: 'fact.last_request',
    raw: (service) => (tells(service) ? (service.last_request_at ?? 'never') : null),
    shown: ({ last_request_at }, now) => agoOrNever(last_request_at, now),
    exact: ({ last_request_at }) => exactTime(last_request_at),
    lightsUp: true,
  },
  {
    word: 'fact.last_sent',
    raw: (service) => (tells(service) ? (service.last_sent_at ?? 'never') : null),
    shown: ({ last_sent_at }, now) => agoOrNever(last_sent_at, now),
    exact: ({ last_sent_at }) => exactTime(last_sent_at),
    lightsUp: true,
  },
  {
    word: 'fact.cache',
    raw: ({ cache_size }) => cache_size,
    shown: ({ cache_size, cache_warmed_at }, now) => {
      const size = formatCount(cache_size ?? 0);
      return cache_warmed_at ? `${size}, ${formatAgo(cache_warmed_at, now)}` : size;
    },
    exact: ({ cache_warmed_at }) => exactTime(cache_warmed_at ?? null),
    lightsUp: true,
  },
  {
    word: 'fact.queue',
    raw: ({ queue }) => queue && `${queue.depth} ${queue.paused}`,
    shown: ({ queue }) => {
      const depth = formatCount(queue?.depth ?? 0);
      if (queue?.paused) return say('queue.paused', { depth });
      return queue?.oldest_s ? say('queue.oldest', { depth, time: formatDuration(queue.oldest_s) }) : depth;
    },
    exact: ({ queue }) =>
      queue?.oldest_s ? say('queue.oldest.hint', { time: formatDuration(queue.oldest_s) }) : '',
    lightsUp: true,
  },
];

/**
 * The list of numbers, and how to bring it up to date.
 * @returns {{ element: HTMLElement, update: (service: ServiceView, now: number) => void }}
 */
export function createFacts() {
  const list = make('dl', { class: 'facts' });
  const places = facts.map((fact) => {
    const term = make('dt');
    const value = make('dd');
    const place = make('div', {}, term, value);
    list.append(place);
    return { fact, term, value, place, raw: /** @type {unknown} */ (undefined) };
  });
  return {
    element: list,
    update: (service, now) => {
      for (const entry of places) {
        const { fact, term, value, place } = entry;
        const raw = fact.raw(service);
        setText(term, say(fact.word));
        setText(value, raw === null ? say('value.none') : fact.shown(service, now));
        value.title = raw === null ? '' : fact.exact(service);
        if (fact.lightsUp && entry.raw !== undefined && entry.raw !== raw) lightUp(place);
        entry.raw = raw;
      }
    },
  };
}

/**
 * @param {string | null} iso
 * @param {number} now
 */
function agoOrNever(iso, now) {
  return iso === null ? say('time.never') : formatAgo(iso, now);
}
