/** Who did what, when, and what came of it. */
import { make, setText } from '../apps/ui/elements.js';
import { formatAgo, formatExact } from './format.js';
import { say, sayIfKnown } from './language.js';
import { ask } from './request.js';
import { inWords } from './reasons.js';

/** @import { AuditEntry } from '../apps/monitor/files/audit.ts' */
/** @import { PageState } from './main.js' */
/** @import { Panel } from './tabs.js' */

/** @returns {Panel} */
export function createAudit() {
  /** @type {PageState | undefined} */
  let state;
  /** @type {AuditEntry[] | undefined} */
  let entries;
  let failure = '';
  let isOpen = false;

  const note = make('p', { class: 'count', role: 'status' });
  const refresh = make('button', { type: 'button', 'data-word': 'refresh' });
  const list = make('ol', { class: 'audit' });
  const element = make(
    'section',
    { class: 'panel' },
    make('div', { class: 'bar' }, make('p', { class: 'dim grow', 'data-word': 'audit.about' }), refresh),
    note,
    list,
  );

  const load = async () => {
    const answer = await ask('/api/audit');
    failure = answer.ok ? '' : answer.why();
    if (answer.ok) entries = answer.body;
    show();
  };

  const show = () => {
    setText(note, failure || (entries?.length === 0 ? say('audit.empty') : ''));
    list.replaceChildren(...(entries ?? []).map(row));
  };

  /** @param {AuditEntry} entry */
  const row = ({ at, user, address, service, action, deed, ok, detail, causes }) => {
    const label = state?.services.find(({ name }) => name === service)?.label ?? service ?? '';
    return make(
      'li',
      { 'data-level': ok ? 'ok' : 'error' },
      make('time', { datetime: at, title: formatExact(at) }, formatAgo(at, state?.now ?? Date.now())),
      make(
        'span',
        { class: 'audit-what' },
        [sayIfKnown(`audit.${action}`) ?? inWords(action, deed && [deed]), label].filter(Boolean).join(' · '),
      ),
      make('span', { class: 'dim' }, `${user}, ${address}`),
      make(
        'span',
        { class: 'audit-outcome' },
        detail === null ? say(ok ? 'audit.done' : 'audit.failed') : inWords(detail, causes),
      ),
    );
  };

  refresh.addEventListener('click', () => void load());
  document.addEventListener('visibilitychange', () => {
    if (isOpen && document.visibilityState === 'visible') void load();
  });

  let shownIn = '';
  return {
    element,
    toggle: (nowOpen) => {
      isOpen = nowOpen;
      if (nowOpen) void load();
    },
    update: (next) => {
      if (state && next.actedAt !== state.actedAt && isOpen) void load();
      state = next;
      if (shownIn !== document.documentElement.lang && entries) show();
      shownIn = document.documentElement.lang;
    },
    refresh: () => void load(),
  };
}
