/**
 * The walk over the dialogs that fills the peer table: page by page, spaced, from a cursor on disk, by one process at
 * a time. It runs when the last whole walk is older than the interval or somebody asked, never because a chat was
 * missed, and never more often than the floor: this is the loop the old services died of. Where chats were imported,
 * the first walk waits for an interval too, unless a message waits for a chat that was not among them.
 */
import type { Ticker } from '../../kit/ticker.ts';
import type { Gate, GateStore } from '../pacing/gates.ts';
import { dialogsMethod } from '../model/account.ts';
import { createPageReader, type PageReaderDeps } from './sync-page.ts';
import { syncFloorMs, syncHoldMs, type DialogSyncState } from '../storage/tables.ts';

export interface WalkerDeps extends PageReaderDeps {
  readonly ticker: Ticker;
  readonly gates: GateStore;
  readonly intervalMs: number;
  /** Whether a message waits for a chat that is not known yet. */
  readonly isAwaited: () => boolean;
  /** Called after every page, whichever process read it: chats that were waited for may be known now. */
  readonly onPage: () => void;
}

export interface DialogSync {
  /** Whether a whole walk has ever been finished: only then is a chat that is not in the table unknown. */
  isWhole(): boolean;
  state(): DialogSyncState;
  /** When a walk may be asked for; in the past when at once. */
  nextAllowedAt(): number;
  /** Asks for a walk as soon as it is allowed. */
  request(): void;
  /** Stops after the page under way. */
  stop(): Promise<void>;
}

const checkEveryMs = 1_000;

/** Starts walking when it is due, until stopped. */
export function startDialogSync(deps: WalkerDeps): DialogSync {
  const { account, walks, gates, clock, ticker } = deps;
  const readPage = createPageReader(deps);

  const gate = (): Gate | undefined => gates.closedFor({ method: dialogsMethod }, clock.now());
  const floor = (state: DialogSyncState) => (state.finishedAt ?? -Infinity) + syncFloorMs;

  const isDue = (state: DialogSyncState, now: number): boolean => {
    if (account.state.phase !== 'ready' || gate()) return false;
    if (state.cursor) return true;
    if (state.finishedAt === undefined) return isFirstDue(state, now);
    const isAsked = (state.requestedAt ?? -Infinity) > state.finishedAt;
    return now >= floor(state) && (isAsked || now >= state.finishedAt + deps.intervalMs);
  };
  const isFirstDue = ({ importedAt, requestedAt }: DialogSyncState, now: number): boolean => {
    if (importedAt === undefined || now >= importedAt + deps.intervalMs) return true;
    return requestedAt !== undefined || deps.isAwaited();
  };

  let seen = progress(walks.read());
  const noticeProgress = (state: DialogSyncState) => {
    if (progress(state) === seen) return;
    seen = progress(state);
    deps.onPage();
  };

  /** By the clock's uptime: whoever asks for a walk does not shorten the pause between pages. */
  let nextPageAt = 0;
  const run = async (): Promise<number> => {
    const untilNextPageMs = nextPageAt - clock.uptime();
    if (untilNextPageMs > 0) return untilNextPageMs;
    const now = clock.now();
    const state = walks.read();
    noticeProgress(state);
    if (!isDue(state, now) || !walks.hold(deps.holder, now, now + syncHoldMs)) return checkEveryMs;
    const pauseMs = await readPage(state);
    noticeProgress(walks.read());
    nextPageAt = clock.uptime() + pauseMs;
    return pauseMs;
  };
  const job = ticker.add('the walk over the dialogs', run, checkEveryMs);
  const unsubscribe = account.onChange(() => job.wake());

  return {
    isWhole: () => walks.read().finishedAt !== undefined,
    state: () => walks.read(),
    nextAllowedAt: () => Math.max(floor(walks.read()), gate()?.until ?? 0),
    request: () => {
      walks.request(clock.now());
      job.wake();
    },
    stop: async () => {
      unsubscribe();
      await job.stop();
      walks.release(deps.holder);
    },
  };
}

/** Changes with every page. */
function progress({ pages, startedAt, finishedAt }: DialogSyncState): string {
  return `${startedAt} ${pages} ${finishedAt}`;
}
