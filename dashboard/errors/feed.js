/** The lines that match a filter: a page of them, older ones when they are asked for, new ones as they are written. */
import { ask } from '../request.js';

/** @import { LogLine } from '../../apps/monitor/logs/log-line.ts' */

/** What the monitor keeps as well; the oldest go. */
export const mostLines = 100_000;
const firstPage = 500;
const largestPage = 5_000;
const refreshMs = 30_000;
const reopenMs = 2_000;

/**
 * @typedef {Record<'service' | 'class' | 'level' | 'text', string>} Filter each '' where any will do
 *
 * @typedef {object} Feed
 * @property {LogLine[]} lines oldest first
 * @property {boolean} hasOlder
 * @property {'loading' | 'ready' | 'failed'} state
 * @property {boolean} isLive whether new lines come in by themselves now
 * @property {string} failure
 * @property {(filter: Filter) => void} setFilter
 * @property {(isFollowing: boolean) => void} follow
 * @property {() => Promise<void>} refresh
 * @property {() => Promise<void>} loadOlder
 */

/**
 * @param {() => void} onChange
 * @returns {Feed}
 */
export function createFeed(onChange) {
  /** @type {Filter} */
  let filter = { service: '', class: '', level: '', text: '' };
  /** @type {Set<number>} */
  let known = new Set();
  let lastSeq = 0;
  let isFollowing = false;
  let isAskingOlder = false;
  /** @type {EventSource | undefined} */
  let source;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let reopening;
  let asked = new AbortController();

  /** @type {Feed} */
  const feed = {
    lines: [],
    hasOlder: false,
    state: 'loading',
    isLive: false,
    failure: '',
    setFilter: (chosen) => {
      filter = chosen;
      asked.abort();
      asked = new AbortController();
      closeStream(); // What it still has to tell matches the filter before.
      clear();
      feed.state = 'loading';
      onChange();
      if (isFollowing) openStream();
      void feed.refresh();
    },
    follow: (wanted) => {
      isFollowing = wanted;
      if (!wanted) return closeStream();
      openStream();
      void feed.refresh();
    },
    refresh: async () => {
      const { signal } = asked;
      const answer = await ask(`/api/logs?${query({ limit: firstPage })}`, { signal });
      if (signal.aborted) return;
      feed.state = answer.ok ? 'ready' : 'failed';
      feed.failure = answer.ok ? '' : answer.why();
      if (answer.ok) takeNewest(answer.body);
      onChange();
    },
    loadOlder: async () => {
      const oldest = feed.lines[0];
      if (!oldest || !feed.hasOlder || isAskingOlder) return;
      isAskingOlder = true;
      const { signal } = asked;
      const limit = Math.min(largestPage, mostLines - feed.lines.length);
      const answer = await ask(`/api/logs?${query({ before: oldest.seq, limit })}`, { signal });
      isAskingOlder = false;
      if (signal.aborted || !answer.ok) return;
      feed.hasOlder = answer.body.length === limit;
      add(answer.body);
      onChange();
    },
  };

  /** @param {LogLine[]} page */
  const takeNewest = (page) => {
    // Where nothing of the page is known, there may be a gap before it: the page begins anew.
    const isSeparate = page.length === firstPage && !page.some(({ seq }) => known.has(seq));
    if (isSeparate) clear();
    if (known.size === 0) feed.hasOlder = page.length === firstPage;
    add(page);
  };

  /** @param {LogLine[]} lines */
  const add = (lines) => {
    const added = lines.filter(({ seq }) => !known.has(seq));
    if (added.length === 0) return;
    for (const { seq } of added) {
      known.add(seq);
      lastSeq = Math.max(lastSeq, seq);
    }
    feed.lines = merged(feed.lines, added.sort(byTime));
    const excess = feed.lines.length - mostLines;
    if (excess > 0) for (const { seq } of feed.lines.splice(0, excess)) known.delete(seq);
    feed.hasOlder &&= feed.lines.length < mostLines;
  };

  const clear = () => {
    feed.lines = [];
    feed.hasOlder = false;
    known = new Set();
    lastSeq = 0;
  };

  /** Lines that come in together are shown together. @type {LogLine[]} */
  let arrived = [];
  const takeArrived = () => {
    const lines = arrived;
    arrived = [];
    add(lines);
    onChange();
  };

  const openStream = () => {
    closeStream();
    const opened = new EventSource(`/api/logs/stream?${query(lastSeq > 0 ? { after: lastSeq } : {})}`);
    source = opened;
    // It tells what is written from now on: what was written while it opened is asked for again.
    opened.onopen = () => {
      setLive(true);
      void feed.refresh();
    };
    opened.onmessage = (event) => {
      arrived.push(JSON.parse(event.data));
      if (arrived.length === 1) setTimeout(takeArrived, 100);
    };
    opened.addEventListener('gap', () => void feed.refresh());
    opened.onerror = () => {
      setLive(false);
      if (opened.readyState !== EventSource.CLOSED) return; // The browser goes on by itself after the last line.
      clearTimeout(reopening);
      reopening = setTimeout(() => source === opened && openStream(), reopenMs);
    };
  };

  const closeStream = () => {
    clearTimeout(reopening);
    source?.close();
    source = undefined;
    arrived = [];
    setLive(false);
  };

  /** @param {boolean} isLive */
  const setLive = (isLive) => {
    if (feed.isLive === isLive) return;
    feed.isLive = isLive;
    onChange();
  };

  /** @param {Record<string, number>} page */
  const query = (page) => {
    const given = Object.entries({ ...filter, ...page }).filter(([, value]) => value !== '');
    return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  };

  setInterval(() => source && void feed.refresh(), refreshMs);
  return feed;
}

/**
 * Nearly always all that came is newer, or older, than what there is.
 * @param {LogLine[]} lines both oldest first
 * @param {LogLine[]} added not empty
 */
function merged(lines, added) {
  const [first, last] = [lines[0], lines.at(-1)];
  const [addedFirst, addedLast] = [added[0], added.at(-1)];
  if (!first || !last || !addedFirst || !addedLast) return added;
  if (byTime(last, addedFirst) < 0) return lines.concat(added);
  if (byTime(addedLast, first) < 0) return added.concat(lines);
  return lines.concat(added).sort(byTime);
}

/** @param {LogLine} a @param {LogLine} b */
function byTime(a, b) {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : a.seq - b.seq;
}
