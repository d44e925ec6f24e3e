/** One message: where it stands, why, and what can be done about it. */
import { make, setAttribute, setText } from '../../apps/ui/elements.js';
import { formatCount, formatExact } from '../format.js';
import { say, sayIfKnown } from '../language.js';
import { ask } from '../request.js';
import { inWords, wordsOf } from '../reasons.js';

/** @import { SentReason } from '../../apps/kit/reason.ts' */

/**
 * @typedef {object} Message What a gateway of any version answers, and the monitor passes through unread.
 * @property {string} id
 * @property {'queued' | 'sending' | 'sent' | 'scheduled' | 'failed' | 'expired' | 'cancelled'} status
 * @property {string} service added here
 * @property {number | string | null} chat_id
 * @property {number} attempts
 * @property {string} [class]
 * @property {string} [detail]
 * @property {string} [code] of the detail, with its values
 * @property {Record<string, string | number>} [values]
 * @property {SentReason} [because]
 * @property {string} [accepted_at]
 * @property {string | null} [not_before]
 * @property {(SentReason & { text: string, since: string, until: string | null }) | null} [reason] why it waits
 * @property {string[]} [notes]
 * @property {SentReason[]} [note_causes] one for each note
 * @property {number} [date]
 * @property {number[]} [message_ids]
 */

/**
 * @param {Message} message
 * @param {(service: string) => string} labelOf
 * @returns {{ element: HTMLElement, say: () => void }} and how to say it again in another language
 */
export function createMessageView(message, labelOf) {
  const status = make('span', { class: 'message-status' });
  const facts = make('p', { class: 'message-facts' });
  const detail = make('p', { class: 'message-detail' });
  const outcome = make('p', { class: 'outcome', role: 'status' });
  const retry = make(
    'button',
    { type: 'button', 'data-action': 'retry', 'data-word': 'message.retry' },
    say('message.retry'),
  );
  const cancel = make(
    'button',
    { type: 'button', 'data-action': 'cancel', 'data-word': 'message.cancel' },
    say('message.cancel'),
  );
  const element = make(
    'article',
    { class: 'message', 'data-id': message.id },
    make(
      'div',
      { class: 'message-head' },
      status,
      make('span', { class: 'dim' }, labelOf(message.service)),
      make('code', {}, String(message.chat_id ?? '—')),
    ),
    facts,
    detail,
    make(
      'div',
      { class: 'message-foot' },
      make('code', { class: 'dim' }, message.id),
      outcome,
      retry,
      cancel,
    ),
  );

  let shown = message;

  /** @param {Message} now */
  const show = (now) => {
    shown = now;
    setAttribute(element, 'data-status', now.status);
    setText(status, say(`message.${now.status}`));
    setText(facts, factsOf(now));
    setText(detail, detailOf(now));
    retry.hidden = now.status !== 'failed' && now.status !== 'expired';
    cancel.hidden = now.status !== 'queued' && now.status !== 'scheduled';
  };

  /**
   * @param {HTMLButtonElement} button
   * @param {'POST' | 'DELETE'} method
   * @param {string} path
   * @param {'message.retried' | 'message.was_cancelled'} done
   */
  const act = async (button, method, path, done) => {
    button.disabled = true;
    setAttribute(button, 'aria-busy', 'true');
    const base = `/api/services/${message.service}/messages/${encodeURIComponent(message.id)}`;
    const answer = await ask(base + path, { method });
    button.disabled = false;
    setAttribute(button, 'aria-busy', null);
    const note = answer.note();
    setText(outcome, answer.ok ? [say(done), note].join(' ').trim() : answer.why());
    setAttribute(outcome, 'data-level', !answer.ok ? 'error' : note === '' ? 'ok' : 'warning');
    const now = await ask(base);
    if (now.ok) show({ ...now.body, service: message.service, accepted_at: message.accepted_at });
  };

  retry.addEventListener('click', () => void act(retry, 'POST', '/retry', 'message.retried'));
  cancel.addEventListener('click', () => void act(cancel, 'DELETE', '', 'message.was_cancelled'));
  show(message);
  return { element, say: () => show(shown) };
}

/** What became of it, why it waits, or what was done otherwise than asked. @param {Message} message */
function detailOf(message) {
  const { reason, notes = [], note_causes: causes = [] } = message;
  if (reason) {
    const why = wordsOf(reason) ?? reason.text;
    return [why, say('message.since', { time: formatExact(reason.since) })].join(' · ');
  }
  const said = notes.map((note, index) => inWords(note, causes.slice(index, index + 1)));
  return [failureOf(message), ...said].filter(Boolean).join(' · ');
}

/** @param {Message} message */
function failureOf({ class: name, detail, code, values = {}, because }) {
  const kind = name === undefined ? '' : (sayIfKnown(`class.${name}`) ?? name);
  const said = inWords(detail, code === undefined ? [] : [{ code, values, because }]);
  return [kind, said].filter(Boolean).join(': ');
}

/** @param {Message} message */
function factsOf({ accepted_at, attempts, date, message_ids: ids, not_before: notBefore }) {
  const parts = [
    accepted_at && say('message.accepted', { time: formatExact(accepted_at) }),
    date && say('message.sent_at', { time: formatExact(date * 1000) }),
    notBefore && say('message.not_before', { time: formatExact(notBefore) }),
    say('message.attempts', { count: formatCount(attempts) }),
    ids && ids.length > 0 && say('message.ids', { ids: ids.join(', ') }),
  ];
  return parts.filter(Boolean).join(' · ');
}
