/** Messages the gateways keep: found by id, chat or state; what failed can be retried. */
import { confirmAction } from '../confirm-dialog.js';
import { make, setAttribute, setText } from '../../apps/ui/elements.js';
import { say } from '../language.js';
import { ask } from '../request.js';
import { createMessageView } from './message-view.js';

/** @import { ServiceView } from '../../apps/monitor/health/service-view.ts' */
/** @import { PageState } from '../main.js' */
/** @import { Message } from './message-view.js' */
/** @import { Panel } from '../tabs.js' */

const pageSize = 50;
const statuses = /** @type {const} */ (['failed', 'expired', 'queued', 'sending', 'sent', 'cancelled']);
/** As the gateways make them; anything else that is typed is a chat. */
const messageId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** @returns {Panel} */
export function createMessages() {
  /** @type {PageState | undefined} */
  let state;
  /** Where the next page of each service begins; null where there is none. @type {Map<string, number | null>} */
  let next = new Map();
  let round = 0;
  /** @type {ReturnType<typeof createMessageView>[]} */
  let views = [];
  let shownIn = '';

  const words = make('input', {
    type: 'search',
    name: 'words',
    maxlength: '100',
    autocomplete: 'off',
    spellcheck: 'false',
    'data-word-label': 'messages.search',
    'data-word-placeholder': 'messages.search',
  });
  const status = make(
    'select',
    { 'data-word-label': 'messages.status' },
    make('option', { value: '', 'data-word': 'messages.any' }),
    ...statuses.map((name) => make('option', { value: name, 'data-word': `message.${name}` })),
  );
  status.value = 'failed';
  const find = make('button', { type: 'submit', class: 'primary', 'data-word': 'messages.find' });
  const retryAll = make('button', {
    type: 'button',
    'data-action': 'retry-all',
    'data-word': 'messages.retry_all',
  });
  const told = make('p', { class: 'count', role: 'status' });
  const list = make('div', { class: 'messages' });
  const more = make('button', { type: 'button', class: 'more', 'data-word': 'messages.more', hidden: '' });
  const form = make('form', { class: 'bar' }, words, status, find, retryAll);
  const element = make('section', { class: 'panel' }, form, told, list, more);

  /** @param {string} service */
  const labelOf = (service) => state?.services.find(({ name }) => name === service)?.label ?? service;

  /** Those that keep messages: a service of another kind has no numbers either. */
  const gateways = () => (state?.services ?? []).filter(({ lacks }) => !lacks.includes('/stats'));

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void search();
  });
  status.addEventListener('change', () => void search());
  more.addEventListener('click', () => void load());
  retryAll.addEventListener('click', () => void retry());

  const search = async () => {
    const services = gateways();
    next = new Map(services.map(({ name }) => [name, 0]));
    list.replaceChildren();
    views = [];
    retryAll.hidden = status.value !== 'failed' && status.value !== 'expired';
    setText(told, say('messages.looking'));
    setAttribute(told, 'data-level', null);
    const wanted = words.value.trim();
    if (messageId.test(wanted)) await findById(services, wanted);
    else await load();
  };

  /**
   * @param {readonly ServiceView[]} services
   * @param {string} id
   */
  const findById = async (services, id) => {
    round += 1;
    const asked = round;
    more.hidden = true;
    const answers = await Promise.all(
      services.map(async ({ name }) => ({
        name,
        answer: await ask(`/api/services/${name}/messages/${encodeURIComponent(id)}`),
      })),
    );
    if (asked !== round) return;
    for (const { name, answer } of answers) {
      if (answer.ok) append({ ...answer.body, service: name });
    }
    const silent = answers.filter(({ answer }) => !answer.ok && answer.status !== 404);
    tell(
      silent.map(({ name, answer }) => `${labelOf(name)}: ${answer.why()}`),
      list.childElementCount === 0 ? say('messages.no_id') : '',
    );
  };

  const load = async () => {
    round += 1;
    const asked = round;
    const chat = words.value.trim();
    const pages = await Promise.all(
      [...next].map(async ([name, before]) => {
        if (before === null) return { name, messages: [], failure: '' };
        const query = new URLSearchParams({ limit: String(pageSize) });
        if (status.value !== '') query.set('status', status.value);
        if (chat !== '') query.set('chat_id', chat);
        if (before > 0) query.set('before', String(before));
        const answer = await ask(`/api/services/${name}/messages?${query}`);
        if (asked === round) next.set(name, answer.ok ? answer.body.next : null);
        return {
          name,
          messages: answer.ok ? answer.body.messages : [],
          failure: answer.ok ? '' : answer.why(),
        };
      }),
    );
    if (asked !== round) return;
    /** @type {Message[]} */
    const found = pages.flatMap(({ name, messages }) =>
      messages.map((/** @type {Message} */ message) => ({ ...message, service: name })),
    );
    found.sort((a, b) => ((a.accepted_at ?? '') < (b.accepted_at ?? '') ? 1 : -1));
    for (const message of found) append(message);
    more.hidden = [...next.values()].every((before) => before === null);
    const failures = pages.filter(({ failure }) => failure !== '');
    const nothing = chat === '' && status.value === 'failed' ? 'messages.none_failed' : 'messages.none';
    tell(
      failures.map(({ name, failure }) => `${labelOf(name)}: ${failure}`),
      list.childElementCount === 0 && failures.length < pages.length ? say(nothing) : '',
    );
    retryAll.disabled = list.childElementCount === 0;
  };

  /** @param {Message} message */
  const append = (message) => {
    const view = createMessageView(message, labelOf);
    views.push(view);
    list.append(view.element);
  };

  const retry = async () => {
    const chat = words.value.trim();
    const isSure = await confirmAction({
      title: say('messages.retry_all.title'),
      effects: [
        chat === '' ? say('messages.retry_all.effect') : say('messages.retry_all.effect_chat', { chat }),
      ],
      confirm: say('messages.retry_all'),
      isDangerous: false,
    });
    if (!isSure) return;
    const query = new URLSearchParams({ status: status.value, ...(chat !== '' && { chat_id: chat }) });
    const outcomes = await Promise.all(
      gateways().map(async ({ name, label }) => {
        const answer = await ask(`/api/services/${name}/messages/retry?${query}`, { method: 'POST' });
        return answer.ok
          ? say('messages.retried', { label, count: answer.body.retried })
          : `${label}: ${answer.why()}`;
      }),
    );
    await search();
    setText(told, outcomes.join(' · '));
  };

  /**
   * @param {string[]} failures
   * @param {string} otherwise
   */
  const tell = (failures, otherwise) => {
    setText(told, [...failures, otherwise].filter(Boolean).join(' · '));
    setAttribute(told, 'data-level', failures.length > 0 ? 'error' : null);
  };

  return {
    element,
    update: (page) => {
      const isFirst = (state?.services.length ?? 0) === 0 && page.services.length > 0;
      state = page;
      if (isFirst) void search();
      if (shownIn !== document.documentElement.lang) for (const view of views) view.say();
      shownIn = document.documentElement.lang;
    },
    refresh: () => void search(),
    search: () => words.focus(),
  };
}
