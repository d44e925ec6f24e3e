/** What is opened pushes its closer; one release closes all of it, last opened first, within a deadline. */
import type { Logger } from './log.ts';

export class Release {
  readonly #closers: { name: string; close: () => unknown }[] = [];
  #released: Promise<void> | undefined;

  /** Registers the closer of something just opened; `name` is for the log when closing fails. */
  push(name: string, close: () => unknown): void {
    this.#closers.push({ name, close });
  }

  /** Closes everything once, in reverse. Never throws: a closer that fails or outlives the deadline is logged. */
  run(log: Logger, deadlineMs = 8_000): Promise<void> {
    this.#released ??= this.#closeAll(log, deadlineMs);
    return this.#released;
  }

  async #closeAll(log: Logger, deadlineMs: number): Promise<void> {
    const deadline = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => deadline.resolve('late'), deadlineMs);
    for (const { name, close } of this.#closers.reverse()) {
      try {
        const outcome = await Promise.race([Promise.resolve(close()), deadline.promise]);
        if (outcome === 'late') log.warn({ closing: name }, 'closing took too long; going on without it');
      } catch (error) {
        log.error({ err: error, closing: name }, 'closing failed');
      }
    }
    clearTimeout(timer);
  }
}
