/** Is it sending, and if not, which of the services and since when: the one sentence at the top. */
import { formatClock, formatDuration } from './format.js';
import { say } from './language.js';

/** @import { Level, Service } from './types.js' */

/**
 * @typedef {object} Verdict
 * @property {Level} level
 * @property {string} text
 */

/** @type {Level[]} */
const byGravity = ['ok', 'unknown', 'warning', 'error'];

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
  const { label, state, health, floods, queue } = service;
  const time = service.since === null ? '—' : formatClock(service.since);
  if (state === 'failed') return { level: 'error', text: say('status.failed', { label, time }) };
  if (state === 'stopped') return { level: 'error', text: say('status.stopped', { label, time }) };
  if (state === 'restarting') return { level: 'warning', text: say('status.restarting', { label }) };
  if (!service.answers || health === null)
    return { level: 'error', text: say('status.silent', { label, time }) };
  const gate = floods?.find(({ scope, seconds }) => scope.startsWith('account') && seconds > 0);
  if (gate) {
    return { level: 'warning', text: say('status.gate', { label, left: formatDuration(gate.seconds) }) };
  }
  if (health.status === 'down') return { level: 'error', text: say('status.down', { label }) };
  if (queue?.paused) return { level: 'warning', text: say('status.paused', { label }) };
  if (health.status !== 'ok') return { level: 'warning', text: say('status.degraded', { label }) };
  return null;
}
