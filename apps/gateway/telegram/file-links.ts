/**
 * Links for parts of files: at an address of the data centre that takes nothing else, where it names one that works, and
 * else where all calls go. Over such a link nothing but `upload.*` may be called: Telegram ends a session that calls
 * anything else over two connections at once.
 */
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/log.ts';
import { TelegramError, Unreached } from '../model/telegram-error.ts';
import { unreachable } from './account-status.ts';
import type { Link } from './link.ts';
import type { Address } from './mtproto/dial.ts';

export interface FileLinksDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly stopped: AbortSignal;
  readonly open: (address: Address, isForMedia: boolean) => Promise<Link>;
  /** Told of each part that was answered. */
  readonly onAnswered: () => void;
}

/** How long an address for files is left alone where nothing was answered. */
const restMs = 10 * 60_000;

export class FileLinks {
  readonly #deps: FileLinksDeps;
  /** Until when an address rests, in milliseconds since the epoch. */
  readonly #resting = new Map<string, number>();
  #link: Link | undefined;
  #moves = 0;

  constructor(deps: FileLinksDeps) {
    this.#deps = deps;
  }

  /** At the first of `media` that is not resting, or at `home`. @throws Unreached */
  async open(media: readonly Address[], home: Address): Promise<Link> {
    const { clock, open, onAnswered } = this.#deps;
    const moves = this.#moves;
    const chosen = media.find((address) => (this.#resting.get(nameOf(address)) ?? 0) <= clock.now());
    let hasAnswered = false;
    const isOver = () => chosen && !hasAnswered && this.#rest(chosen);
    let link: Link;
    try {
      link = await open(chosen ?? home, chosen !== undefined);
    } catch (error) {
      isOver();
      throw error;
    }
    void link.ended.then(isOver);
    if (moves !== this.#moves) {
      link.close();
      throw new Unreached('the account was carried to another data centre');
    }
    this.#link = link;
    return telling(link, () => {
      hasAnswered = true;
      onAnswered();
    });
  }

  /** The account speaks elsewhere, or by another key, from now on. */
  leave(): void {
    this.#moves++;
    this.#link?.close();
  }

  #rest(address: Address): void {
    const { clock, log, stopped } = this.#deps;
    if (stopped.aborted) return;
    this.#resting.set(nameOf(address), clock.now() + restMs);
    log.warn(
      { ...address, class: unreachable },
      'an address for files answers nothing: they take another way',
    );
  }
}

function nameOf({ host, port }: Address): string {
  return `${host}:${port}`;
}

/** Calls over `link`, and `onAnswered` for each that Telegram answers, if with a refusal. */
function telling(link: Link, onAnswered: () => void): Link {
  return {
    ...link,
    async call<T>(...asked: Parameters<Link['call']>): Promise<T> {
      try {
        const answer = await link.call<T>(...asked);
        onAnswered();
        return answer;
      } catch (error) {
        if (error instanceof TelegramError && error.code >= 0 && error.code < 500) onAnswered();
        throw error;
      }
    },
  };
}
