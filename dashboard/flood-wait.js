/** Clear flood wait: one button for the services of an account; while it runs, its steps and what is left of them. */
import { confirmAction } from './confirm-dialog.js';
import { make, setAttribute, setText } from '../apps/ui/elements.js';
import { createSteps } from './flood-steps.js';
import { formatClock, formatCountdown, formatDuration } from './format.js';
import { say } from './language.js';
import { ask } from './request.js';
import { inWords, scopeWords } from './reasons.js';

/** @import { ProcedureStatus } from '../apps/monitor/procedures/record.ts' */
/** @import { PageState } from './main.js' */

const path = '/api/procedures/clear-flood-wait';
const runningMs = 2_000;
const idleMs = 30_000;

/**
 * @param {HTMLElement} element
 * @returns {{
 *   update: (state: PageState) => void,
 *   holds: (service: string) => boolean,
 *   headline: (now: number) => string,
 * }}
 */
export function createFloodWait(element) {
  /** @type {ProcedureStatus | undefined} */
  let procedure;
  /** @type {PageState | undefined} */
  let state;
  let failure = '';
  let askedAt = 0;
  let isBusy = false;
  /** The account that was chosen; the first where none was. @type {string | undefined} */
  let chosen;

  const title = make('h2', { 'data-word': 'flood.title' });
  const hint = make('p', { class: 'flood-hint', role: 'status' });
  const start = make('button', {
    type: 'button',
    'data-action': 'clear-flood-wait',
    'data-word': 'flood.title',
  });
  const accounts = make('select', { 'data-word-label': 'flood.account', name: 'account' });
  const cancel = make('button', { type: 'button', class: 'danger', 'data-action': 'cancel-flood-wait' });
  /** @param {string | null} service */
  const labelOf = (service) => state?.services.find(({ name }) => name === service)?.label ?? service ?? '';
  const steps = createSteps(labelOf);
  element.append(make('div', { class: 'flood-head' }, title, hint, accounts, start, cancel), steps.element);

  const isRunning = () => procedure?.state === 'running' || procedure?.state === 'cancelling';

  const load = async () => {
    askedAt = Date.now();
    const answer = await ask(chosen === undefined ? path : `${path}?account=${encodeURIComponent(chosen)}`);
    if (answer.ok) procedure = answer.body;
    else chosen = undefined; // It may be that there is no such account any more.
    show();
  };

  /** @param {'POST' | 'DELETE'} method @param {object} [body] */
  const act = async (method, body) => {
    isBusy = true;
    show();
    const answer = await ask(path, { method, ...(body && { body }) });
    isBusy = false;
    failure = answer.ok ? '' : answer.why();
    await load();
  };

  accounts.addEventListener('change', () => {
    chosen = accounts.value;
    void load();
  });

  start.addEventListener('click', async () => {
    await load();
    if (!procedure || start.getAttribute('aria-disabled') === 'true') return;
    const { covered, left_out } = extent(procedure);
    const isSure = await confirmAction({
      title: say('flood.confirm.title'),
      effects: [
        say('flood.confirm.effect', {
          labels: covered.map(labelOf).join(', '),
          time: formatDuration(procedure.seconds_left),
        }),
        ...(left_out.length === 0
          ? []
          : [say('flood.left_out', { labels: left_out.map(labelOf).join(', ') })]),
        ...remaining(procedure),
      ],
      confirm: say('flood.title'),
    });
    const { account } = procedure;
    if (isSure) await act('POST', { confirm: 'clear-flood-wait', ...(account !== null && { account }) });
  });

  cancel.addEventListener('click', async () => {
    const isSure = await confirmAction({
      title: say('flood.cancel.title'),
      effects: [say('flood.cancel.effect')],
      confirm: say('flood.cancel'),
    });
    if (isSure) await act('DELETE');
  });

  /** What Telegram has announced beyond the end. @param {ProcedureStatus} planned */
  const remaining = ({ gates }) => {
    const longer = gates.filter(({ remains_s }) => remains_s > 0);
    if (gates.length === 0) return [say('flood.no_gates')];
    if (longer.length === 0) return [say('flood.enough')];
    return longer.map(({ service, scope, remains_s, until }) =>
      say('flood.remains', {
        label: labelOf(service),
        scope: scopeWords(scope),
        time: formatDuration(remains_s),
        until: formatClock(until),
      }),
    );
  };

  const show = () => {
    const runs = isRunning();
    const off = whyOff();
    showAccounts();
    setAttribute(element, 'data-state', procedure?.state ?? 'idle');
    start.hidden = runs;
    setAttribute(start, 'aria-disabled', off === '' ? null : 'true');
    start.title = off;
    cancel.hidden = !runs;
    setText(cancel, say(procedure?.state === 'cancelling' ? 'flood.cancelling' : 'flood.cancel'));
    cancel.disabled = isBusy || procedure?.state === 'cancelling';
    steps.element.hidden = !runs;
    setText(hint, failure || hintWords(off));
    setAttribute(hint, 'data-level', failure ? 'error' : null);
    if (runs && procedure) steps.show(procedure.steps, state?.now ?? Date.now());
  };

  const whyOff = () => {
    if (state?.isLost) return say('off.lost');
    const { covered, left_out } = extent(procedure);
    const asked = covered.length > 0 ? covered : left_out;
    const refused = state?.services.find(({ name, control }) => asked.includes(name) && !control.available);
    return refused ? inWords(refused.control.reason, refused.control.causes) : '';
  };

  /** Which account it is for: asked only where there are several. */
  const showAccounts = () => {
    const all = procedure?.accounts ?? [];
    const names = all.map(({ account }) => account ?? '');
    accounts.hidden = all.length < 2 || isRunning();
    setText(title, [say('flood.title'), all.length < 2 ? '' : procedure?.account].filter(Boolean).join(': '));
    if (accounts.childElementCount !== all.length) {
      accounts.replaceChildren(...names.map((name) => make('option', { value: name }, name)));
    }
    accounts.value = procedure?.account ?? '';
  };

  /** @param {string} off */
  const hintWords = (off) => {
    if (!procedure) return '';
    if (isRunning()) {
      const left = secondsLeft(procedure, state?.now ?? Date.now());
      return [say('flood.left', { time: formatCountdown(left) }), ...remaining(procedure)].join(' · ');
    }
    if (off !== '') return off;
    const time = procedure.ended_at === null ? '' : formatClock(procedure.ended_at);
    if (procedure.state === 'done') return say('flood.done', { time, user: procedure.user ?? '' });
    if (procedure.state === 'cancelled') return say('flood.cancelled', { time, user: procedure.user ?? '' });
    if (procedure.state === 'failed')
      return say('flood.failed', { time, detail: inWords(procedure.detail, procedure.causes) });
    return say('flood.hint');
  };

  return {
    holds: (service) => isRunning() && (procedure?.steps ?? []).some((step) => step.service === service),
    headline: (now) =>
      procedure && isRunning()
        ? say('flood.headline', { time: formatCountdown(secondsLeft(procedure, now)) })
        : '',
    update: (next) => {
      state = next;
      show();
      if (next.isLost || document.visibilityState === 'hidden') return;
      if (Date.now() - askedAt >= (isRunning() ? runningMs : idleMs)) void load();
    },
  };
}

/** Which services it stops, and which of the account it cannot. @param {ProcedureStatus | undefined} procedure */
function extent(procedure) {
  const own = procedure?.accounts.find(({ account }) => account === procedure.account);
  const left_out = own?.left_out ?? [];
  return { covered: (own?.services ?? []).filter((name) => !left_out.includes(name)), left_out };
}

/** @param {ProcedureStatus} procedure @param {number} now */
function secondsLeft({ ends_at }, now) {
  return Math.max(0, (Date.parse(ends_at) - now) / 1000);
}
