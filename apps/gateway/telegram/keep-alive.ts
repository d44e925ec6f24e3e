/**
 * Keeps a link alive, and asks for what no traffic would tell: whether the session still stands where nothing was
 * answered for long, and now and then whether Telegram froze the account.
 */
import type { Clock } from '../../kit/clock.ts';
import type { Link } from './link.ts';

export interface KeepAliveDeps {
  readonly clock: Clock;
  /** After so long without any answer the session is asked for. */
  readonly probeIntervalMs: number;
  readonly stopped: AbortSignal;
  readonly isCurrent: (link: Link) => boolean;
  /** Whether no gate is closed for the question. */
  readonly mayProbe: () => boolean;
  readonly ping: () => Promise<unknown>;
  readonly probe: (link: Link) => Promise<unknown>;
  readonly askFrozen: (link: Link) => Promise<unknown>;
}

const pingEveryMs = 20_000;
/** A freeze is known within 15 minutes, the answer's own time included. */
const askFrozenEveryMs = 14 * 60_000;

export class KeepAlive {
  readonly #deps: KeepAliveDeps;
  #answeredAt = 0;
  #probedAt = 0;

  constructor(deps: KeepAliveDeps) {
    this.#deps = deps;
  }

  /** A call was answered: the session stands. */
  answered(): void {
    this.#answeredAt = this.#deps.clock.now();
  }

  /** Goes on for as long as the link is the current one: what fails on it ends the link, or is asked again. */
  async of(link: Link): Promise<void> {
    const { clock, stopped, isCurrent } = this.#deps;
    let frozenDueAt = clock.now() + askFrozenEveryMs;
    while (isCurrent(link)) {
      const soonest = Math.min(this.#probeDueInMs(), frozenDueAt - clock.now(), pingEveryMs);
      await clock.sleep(Math.max(0, soonest), stopped).catch(() => {});
      if (stopped.aborted || !isCurrent(link)) return;
      const isFrozenDue = clock.now() >= frozenDueAt;
      if (isFrozenDue) frozenDueAt = clock.now() + askFrozenEveryMs;
      await this.#ask(link, isFrozenDue).catch(() => {});
    }
  }

  /** Every question is one to the server: none needs another beside it. */
  async #ask(link: Link, isFrozenDue: boolean): Promise<void> {
    const { clock, probe, ping, askFrozen } = this.#deps;
    if (isFrozenDue) return void (await askFrozen(link));
    if (this.#probeDueInMs() > 0) return void (await ping());
    this.#probedAt = clock.now();
    await probe(link);
  }

  /** Never while a gate is closed: then pings alone go on. */
  #probeDueInMs(): number {
    const { clock, probeIntervalMs, mayProbe } = this.#deps;
    if (!mayProbe()) return Infinity;
    return Math.max(this.#answeredAt, this.#probedAt) + probeIntervalMs - clock.now();
  }
}
