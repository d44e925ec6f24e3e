/** Errors: the lines of the services that matter, as they are written, newest on top. */
import { make, setAttribute, setText } from '../../apps/ui/elements.js';
import { formatCount, formatExact, formatSecond } from '../format.js';
import { say, sayIfKnown } from '../language.js';
import { inWords } from '../reasons.js';
import { createVirtualList } from '../virtual-list.js';
import { createFeed } from './feed.js';
import { createFilters } from './filters.js';
import { foldLines } from './fold.js';
import { openLine } from './line-dialog.js';

/** @import { PageState } from '../main.js' */
/** @import { Panel } from '../tabs.js' */
/** @import { Fold } from './fold.js' */

/** Ids are told apart by their beginning; whole they push out of a row what matters more. */
const longId = /\b([\da-f]{8})-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/gi;

/** @returns {Panel} */
export function createErrors() {
  /** @type {PageState | undefined} */
  let state;
  /** @type {Fold[]} */
  let folds = [];
  /** The newest line when the reader began to scroll. @type {number | undefined} */
  let seenSeq;
  let isOpen = false;
  let shownIn = '';

  /** @param {string} service */
  const labelOf = (service) => state?.services.find(({ name }) => name === service)?.label ?? service;

  const feed = createFeed(() => {
    folds = foldLines(feed.lines);
    show();
  });
  const filters = createFilters((filter) => {
    list.toTop();
    feed.setFilter(filter);
  });
  const follow = make('input', { type: 'checkbox', id: 'errors-follow' });
  follow.checked = true;
  const refresh = make('button', { type: 'button', 'data-action': 'refresh', 'data-word': 'refresh' });
  const count = make('p', { class: 'count', role: 'status' });
  const unread = make('p', { class: 'count', role: 'status', 'data-level': 'warning', hidden: '' });
  const newer = make('button', { type: 'button', class: 'newer', hidden: '' });
  const empty = make('p', { class: 'empty' });
  const list = createVirtualList({
    makeRow: makeRow,
    fill: (row, fold) => fill(row, fold, labelOf),
    keyOf: ({ first }) => first.seq,
    onOpen: (fold) => openLine(fold, labelOf),
    onEnd: () => void feed.loadOlder(),
  });
  list.element.setAttribute('data-word-label', 'errors.list');
  const element = make(
    'section',
    { class: 'panel errors' },
    make(
      'div',
      { class: 'bar' },
      filters.element,
      make(
        'div',
        { class: 'bar-end' },
        make('label', { class: 'check' }, follow, make('span', { 'data-word': 'errors.follow' })),
        refresh,
      ),
    ),
    unread,
    count,
    make('div', { class: 'list-place' }, newer, empty, list.element),
  );

  const followIfSeen = () => feed.follow(isOpen && follow.checked && document.visibilityState === 'visible');
  follow.addEventListener('change', followIfSeen);
  document.addEventListener('visibilitychange', () => isOpen && followIfSeen());
  refresh.addEventListener('click', () => void press());
  newer.addEventListener('click', () => list.toTop());
  list.element.addEventListener('scroll', showNewer);

  const press = async () => {
    setAttribute(refresh, 'aria-busy', 'true');
    await feed.refresh();
    setAttribute(refresh, 'aria-busy', null);
  };

  function show() {
    const isEmpty = folds.length === 0;
    list.element.hidden = isEmpty;
    empty.hidden = !isEmpty;
    setText(empty, emptyWords());
    setText(count, countWords());
    setAttribute(count, 'data-level', feed.state === 'failed' ? 'error' : null);
    if (!isEmpty) list.show(folds);
    showNewer();
  }

  /** Whose lines do not come in, and why: services of one source together. */
  function showUnread() {
    const apart = (state?.services ?? []).filter(({ unread_lines }) => unread_lines !== null);
    const byReason = Map.groupBy(apart, ({ unread_lines, unread_causes }) =>
      inWords(unread_lines, unread_causes),
    );
    unread.hidden = byReason.size === 0;
    const words = [...byReason].map(([detail, services]) =>
      say('errors.unread', { labels: services.map(({ label }) => label).join(', '), detail }),
    );
    setText(unread, words.join(' '));
  }

  function emptyWords() {
    if (feed.state === 'loading') return say('errors.loading');
    if (feed.state === 'failed') return say('errors.failed', { detail: feed.failure });
    return say(filters.element.hasAttribute('data-active') ? 'errors.no_match' : 'errors.empty');
  }

  function countWords() {
    if (feed.state === 'failed') return say('errors.failed', { detail: feed.failure });
    if (folds.length === 0) return '';
    const oldest = feed.lines[0];
    const values = {
      lines: formatCount(feed.lines.length),
      folds: formatCount(folds.length),
      since: oldest ? formatExact(oldest.at) : '',
    };
    const words = say(feed.hasOlder ? 'errors.count_more' : 'errors.count', values);
    return follow.checked && !feed.isLive && isOpen ? `${words} · ${say('errors.cut')}` : words;
  }

  function showNewer() {
    newer.hidden = true;
    if (folds.length === 0) return;
    if (list.isAtTop()) seenSeq = folds[0]?.line.seq;
    const since = seenSeq ?? 0;
    const fresh = folds.findIndex(({ line }) => line.seq <= since);
    newer.hidden = fresh <= 0;
    if (fresh > 0) setText(newer, say('errors.newer', { count: formatCount(fresh) }));
  }

  return {
    element,
    toggle: (nowOpen) => {
      isOpen = nowOpen;
      followIfSeen();
    },
    update: (next) => {
      const isOther = state?.services.length !== next.services.length;
      state = next;
      filters.update(next.services);
      showUnread();
      if (isOther || shownIn !== document.documentElement.lang) show();
      shownIn = document.documentElement.lang;
    },
    refresh: () => void press(),
    search: () => filters.focus(),
  };
}

function makeRow() {
  return make(
    'div',
    { class: 'row' },
    make('time'),
    make('span', { class: 'level' }),
    make('span', { class: 'row-service' }),
    make('span', { class: 'row-class' }),
    make('span', { class: 'row-message' }),
    make('span', { class: 'row-count' }),
  );
}

/**
 * @param {HTMLElement} row
 * @param {Fold} fold
 * @param {(service: string) => string} labelOf
 */
function fill(row, { line, count }, labelOf) {
  const [time, level, service, kind, message, times] = /** @type {HTMLElement[]} */ ([...row.children]);
  if (!time || !level || !service || !kind || !message || !times) return;
  setAttribute(row, 'data-severity', line.level);
  setText(time, formatSecond(line.at));
  time.title = formatExact(line.at);
  setText(level, line.level);
  setText(service, labelOf(line.service));
  setText(kind, sayIfKnown(`class.${line.class}`) ?? line.class);
  setText(message, line.message.replace(longId, '$1…'));
  message.title = line.message;
  setText(times, count > 1 ? `×${formatCount(count)}` : '');
  times.title = count > 1 ? say('line.count', { count: formatCount(count) }) : '';
}
