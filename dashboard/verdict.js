/** Is it sending, and if not, which of the services and since when: the one sentence at the top. */
import { formatClock, formatDuration } from './format.js';
import { say } from './language.js';

/** @import { Word } from './language.js' */
/** @import { Level, Service } from './types.js' */

/**
 * @typedef {object} Verdict
 * @property {Level} level
 * @property {string} text
 * @property {string} [without] the same without the name of the service, for its own card
 */

/** @type {Level[]} */
const byGravity = ['ok', 'unknown', 'warning', 'error'];

/** What is sent by: while such a call has to wait, so do all messages. */
const sending = /^method:messages\.(send|forward)/;

/**
 * The verdict on all services: the gravest level, and a sentence for each that is not well.
 * @param {Service[]} services
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
 * @param {Service} service
 * @returns {Verdict | null}
 */
export function verdictOnOne(service) {
  const { state, health, floods, queue } = service;
  if (state === 'failed') return tell('error', 'status.failed', service);
  if (state === 'stopped') return tell('error', 'status.stopped', service);
  if (state === 'restarting') return tell('warning', 'status.restarting', service);
  if (service.answers && service.lacks.includes('/health')) return tell('unknown', 'status.mute', service);
  if (!service.answers || health === null) return tell('error', 'status.silent', service);
  const isTroubled = health.status !== 'ok'; // The gates of what another gateway does are no trouble of this one.
  const gate = floods?.find(
    ({ scope, seconds }) => seconds > 0 && (scope === 'account' || (isTroubled && sending.test(scope))),
  );
  if (gate) return tell('warning', 'status.gate', service, { left: formatDuration(gate.seconds) });
  if (health.status === 'down') return tell('error', 'status.down', service);
  if (queue?.paused) return tell('warning', 'status.paused', service);
  if (health.status !== 'ok') return tell('warning', 'status.degraded', service);
  return null;
}

/**
 * @param {Level} level
 * @param {Word} word
 * @param {Service} service
 * @param {Record<string, string>} [values]
 * @returns {Verdict}
 */
function tell(level, word, { label, since }, values = {}) {
  const time = since === null ? '—' : formatClock(since);
  const without = say(word, { ...values, time, label: '' }).replace(/^[\s:]+/, '');
  return { level, text: say(word, { ...values, time, label }), without };
}
