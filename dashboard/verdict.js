/** Is it sending, and if not, which of the services and since when: the one sentence at the top. */
import { formatClock, formatDuration } from './format.js';
import { say, sayIfKnown } from './language.js';

/** @import { Word } from './language.js' */
/** @import { Flood } from '../apps/monitor/health/gateway-answers.ts' */
/** @import { ServiceView } from '../apps/monitor/health/service-view.ts' */

/**
 * @typedef {'ok' | 'warning' | 'error' | 'unknown'} Level
 *
 * @typedef {object} Verdict
 * @property {Level} level
 * @property {string} text
 * @property {string} [without] the same without the name of the service, for its own card
 * @property {boolean} [isExplained] whether the reasons of the service say all of it, and more
 */

/** @type {Level[]} */
const byGravity = ['ok', 'unknown', 'warning', 'error'];

/** What is sent by: a text by the first, one file by the second, an album by the last. */
const sending = /^method:messages\.send(?:Message|Media|MultiMedia)$/;
/** So many of these does a service of media send with. */
const ofMedia = 2;

/**
 * The verdict on all services: the gravest level, and a sentence for each that is not well.
 * @param {readonly ServiceView[]} services
 * @returns {Verdict}
 */
export function verdictOn(services) {
  const verdicts = services.map(verdictOnOne).filter((verdict) => verdict !== null);
  if (verdicts.length === 0) return { level: 'ok', text: say('status.ok') };
  verdicts.sort((a, b) => byGravity.indexOf(b.level) - byGravity.indexOf(a.level));
  return { level: verdicts[0]?.level ?? 'unknown', text: verdicts.map(({ text }) => text).join(' · ') };
}

/**
 * What is wrong with one service, the gravest first; null when it is well.
 * @param {ServiceView} service
 * @returns {Verdict | null}
 */
export function verdictOnOne(service) {
  const { state, health, queue } = service;
  if (state === 'failed') return tell('error', 'status.failed', service);
  if (state === 'stopped') return tell('error', 'status.stopped', service);
  if (state === 'restarting') return tell('warning', 'status.restarting', service);
  if (service.answers && service.lacks.includes('/health')) return tell('unknown', 'status.mute', service);
  if (!service.answers || health === null) return tell('error', 'status.silent', service);
  const account = accountTrouble(service);
  if (account) return account;
  const held = heldBy(service);
  if (held) return tell(held.level, held.word, service, wordsOf(held.gate));
  if (health.status === 'down') return tell('error', 'status.down', service);
  if (queue?.paused) return tell('warning', 'status.paused', service);
  if (health.status !== 'ok') return tell('warning', 'status.degraded', service);
  return null;
}

/**
 * Why the account may not send, in the gateway's own words, which say also what to do; null where it may.
 * @param {ServiceView} service
 * @returns {Verdict | null}
 */
function accountTrouble(service) {
  const word = /** @type {Word} */ (`account.${service.account_state}`);
  if (service.account_state === null || sayIfKnown(word) === undefined) return null;
  const level = service.account_state === 'unconfirmed' ? 'warning' : 'error';
  return { ...tell(level, word, service), isExplained: true };
}

/**
 * The gate that keeps a service from sending, and how much of it: a gate of what it sends with, or that of first messages.
 * @param {ServiceView} service
 * @returns {{ level: Level, word: Word, gate: Flood } | undefined}
 */
function heldBy({ floods }) {
  const closed = (floods ?? []).filter(({ seconds }) => seconds > 0);
  const own = closed.filter(({ scope, holds }) => holds && sending.test(scope));
  own.sort((a, b) => a.seconds - b.seconds);
  const isWhole = own.some(({ scope }) => scope.endsWith('.sendMessage')) || own.length >= ofMedia;
  if (own[0] && isWhole) return { level: 'error', word: 'status.held', gate: own[0] };
  const gate = closed.find(({ scope }) => scope === 'strangers');
  if (gate) return { level: 'warning', word: 'status.restricted', gate };
  return own[0] && { level: 'warning', word: 'status.held_part', gate: own[0] };
}

/** @param {Flood} gate */
function wordsOf({ until, seconds }) {
  const at = until ?? new Date(Date.now() + seconds * 1000).toISOString();
  return { until: formatClock(at), left: formatDuration(seconds) };
}

/**
 * @param {Level} level
 * @param {Word} word
 * @param {ServiceView} service
 * @param {Record<string, string>} [values]
 * @returns {Verdict}
 */
function tell(level, word, { label, since }, values = {}) {
  const time = since === null ? '—' : formatClock(since);
  const without = say(word, { ...values, time, label: '' }).replace(/^[\s:]+/, '');
  return { level, text: say(word, { ...values, time, label }), without };
}
