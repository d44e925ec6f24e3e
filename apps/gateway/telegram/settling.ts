/**
 * What became of calls whose answers were lost with their link: asked in the same session over the next one
 * (msgs_state_req). Only there does the server know.
 */
import { OutcomeUnknown, TelegramError, Unreached } from '../model/telegram-error.ts';
import type { Link, Unanswered } from './link.ts';
import { AnswerUnreadable, type Call, type CallState } from './mtproto/session.ts';

/** Telegram takes a message for so long after the time in its id. */
const takenForS = 300;

/** One question about several calls. */
interface Asking {
  readonly calls: Call[];
  readonly states: Promise<{ readonly link: Link; readonly states: readonly CallState[] }>;
}

export class Settling {
  readonly #untilReady: () => Promise<Link>;
  readonly #isProxied: boolean;
  #asking: Asking | undefined;

  /** `untilReady` resolves with the next link that is signed in. */
  constructor(untilReady: () => Promise<Link>, isProxied: boolean) {
    this.#untilReady = untilReady;
    this.#isProxied = isProxied;
  }

  /**
   * The answer to a call, if the server received it and sends it within `answerTimeoutMs`. @throws Unreached where it did not; TelegramError, AnswerUnreadable;
   * OutcomeUnknown where nobody can say
   */
  async settle(unanswered: Unanswered, answerTimeoutMs: number): Promise<unknown> {
    const { call } = unanswered;
    try {
      for (;;) {
        const isAnswered = call.result.promise.then(() => 'answered' as const);
        const state = await Promise.race([isAnswered, this.#stateOf(call)]);
        if (state === 'answered') return await call.result.promise;
        if (state.state === 'unknown' || (state.state === 'not_received' && this.#mayStillArrive(call)))
          throw unanswered;
        if (state.state === 'not_received') throw new Unreached('Telegram did not receive it');
        // Received: the server sends its answer over the new connection, unless that is lost as well.
        const timer = Promise.withResolvers<'late'>();
        const timeout = setTimeout(() => timer.resolve('late'), answerTimeoutMs);
        const lost = state.link.ended.then(() => 'lost' as const);
        const next = await Promise.race([isAnswered, timer.promise, lost]).finally(() =>
          clearTimeout(timeout),
        );
        if (next === 'late') throw unanswered;
      }
    } catch (error) {
      if (error instanceof Unreached || error instanceof OutcomeUnknown) throw error;
      if (error instanceof TelegramError || error instanceof AnswerUnreadable) throw error;
      throw new OutcomeUnknown((error as Error).message, { cause: error });
    } finally {
      call.forget();
    }
  }

  /** A proxy may pass on what it holds after our end of the connection is gone, until the server takes it no more. */
  #mayStillArrive(call: Call): boolean {
    return this.#isProxied && call.session.ageS(call) <= takenForS;
  }

  /** All calls that are asked about in one tick are asked about at once. */
  async #stateOf(call: Call): Promise<{ link: Link; state: CallState }> {
    const link = await this.#untilReady();
    if (link.session !== call.session) return { link, state: 'unknown' };
    this.#asking ??= this.#ask(link);
    const { calls, states } = this.#asking;
    const index = calls.push(call) - 1;
    const answer = await states;
    return { link: answer.link, state: answer.states[index]! };
  }

  #ask(link: Link): Asking {
    const calls: Call[] = [];
    const states = Promise.resolve().then(async () => {
      await Promise.resolve(); // Whoever was waiting for the link gets to ask, too.
      this.#asking = undefined;
      return { link, states: await link.statesOf(calls) };
    });
    return { calls, states };
  }
}
