/**
 * One page of the walk over the dialogs: what it brings is kept, and how far the walk came is written down. A folder ends
 * with a page that brings no new dialog, and a cursor that Telegram refuses is stepped around.
 */
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/log.ts';
import { judge, TelegramError } from '../model/telegram-error.ts';
import { isStart, startOfFolder, type Account, type DialogCursor } from '../model/account.ts';
import type { PeerTable, DialogSyncState, DialogSyncTable } from '../storage/tables.ts';

export interface PageReaderDeps {
  readonly account: Account;
  readonly peers: PeerTable;
  readonly walks: DialogSyncTable;
  readonly clock: Clock;
  readonly log: Logger;
  /** Names this process among those that may walk. */
  readonly holder: string;
}

const pageSpacingMs = 1_000;
const retryUnreachedMs = 1_000;
const retryRefusedMs = 15_000;
const longestRetryMs = 15 * 60_000;

/** Reads the next page of the walk; answers with the pause before the one after it, in ms. */
export function createPageReader(deps: PageReaderDeps): (state: DialogSyncState) => Promise<number> {
  const { account, peers, walks, clock, log } = deps;
  /** The dialogs of the folder that were read; after a restart those read since. */
  const seen = new Set<string>();
  /** Refusals in a row; a page alone does not end them, because the one behind it may be refused again. */
  let refusals = 0;

  const pageRead = (
    begun: DialogSyncState,
    dialogs: readonly string[],
    next: DialogCursor | undefined,
  ): void => {
    const { folder } = begun.cursor ?? startOfFolder(0);
    const isNew = dialogs.some((chatId) => !seen.has(chatId));
    for (const chatId of dialogs) seen.add(chatId);
    const goesOn = isNew && next !== undefined;
    const cursor = goesOn ? next : folder === 0 ? startOfFolder(1) : undefined;
    const pages = begun.pages + 1;
    walks.save({ ...begun, cursor, pages, ...(cursor ? {} : { finishedAt: clock.now() }) });
    if (!goesOn) {
      seen.clear();
      refusals = 0;
    }
    if (cursor) return;
    log.info({ pages, peers: peers.count() }, 'walk over the dialogs finished');
    walks.release(deps.holder);
  };

  const pageFailed = (begun: DialogSyncState, error: unknown): number => {
    const verdict = error instanceof TelegramError ? judge(error) : undefined;
    if (verdict?.gate) {
      const until = clock.now() + verdict.gate.waitMs;
      log.warn({ class: verdict.class, until }, `walk over the dialogs held by ${(error as Error).message}`);
      return pageSpacingMs;
    }
    log.warn({ err: error, class: verdict?.class ?? 'telegram_unavailable' }, 'a page of the dialogs failed');
    if (!verdict) return retryUnreachedMs;
    if (verdict.message !== 'failed') return retryRefusedMs;
    const cursor = begun.cursor && aroundRefused(begun.cursor);
    if (cursor) walks.save({ ...begun, cursor });
    if (cursor && !isStart(cursor)) return pageSpacingMs;
    return Math.min(retryRefusedMs * 2 ** refusals++, longestRetryMs);
  };

  return async (state) => {
    const begun = state.cursor ? state : { ...state, startedAt: clock.now(), pages: 0 };
    const cursor = state.cursor ?? startOfFolder(0);
    if (isStart(cursor)) seen.clear();
    try {
      const { peers: found, dialogs, next } = await account.dialogs(cursor);
      peers.save(found, clock.now());
      peers.meet(dialogs);
      pageRead(begun, dialogs, next);
      return pageSpacingMs;
    } catch (error) {
      return pageFailed(begun, error);
    }
  };
}

/** Where to go on behind a refused cursor: from its date alone, and where that was refused too, from the folder's start. */
function aroundRefused({ offsetPeer, ...cursor }: DialogCursor): DialogCursor {
  return offsetPeer ? { ...cursor, offsetPeer: undefined } : startOfFolder(cursor.folder);
}
