/** Asking the monitor: never waits for ever, and says in words why something did not come about. */
import { say } from './language.js';
import { inWords } from './reasons.js';

/** Longer than the longest action of a supervisor. */
const withinMs = 40_000;

/**
 * @typedef {object} Outcome
 * @property {boolean} ok
 * @property {number} status 0 where nothing was answered
 * @property {any} body
 * @property {() => string} note what is to be known of it though it came about, '' where there is nothing
 * @property {() => string} why it failed, in the language of the page where the words are ours
 */

/**
 * @param {string} path
 * @param {object} [options]
 * @param {'GET' | 'POST' | 'DELETE'} [options.method]
 * @param {object} [options.body]
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<Outcome>} never throws
 */
export async function ask(path, { method = 'GET', body, signal } = {}) {
  const timeout = AbortSignal.timeout(withinMs);
  try {
    const answer = await fetch(path, {
      method,
      ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    const said = await answer.json().catch(() => null);
    const detail = typeof said?.detail === 'string' ? said.detail : `HTTP ${answer.status}`;
    const note = typeof said?.note === 'string' ? said.note : '';
    return {
      ok: answer.ok,
      status: answer.status,
      body: said,
      note: () => inWords(note, said?.note_causes),
      why: () => inWords(detail, said?.code && [said]),
    };
  } catch {
    return { ok: false, status: 0, body: null, note: () => '', why: () => say('failed.network') };
  }
}
