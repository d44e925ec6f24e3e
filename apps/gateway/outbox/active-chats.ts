/** What is being done for each chat, one thing at a time: whatever else a chat has waits for its end. */

export interface ActiveChatsOptions {
  /** Told what ended work early; it is waited for as part of that work. */
  readonly onError: (error: unknown, chat: string) => Promise<void>;
  readonly onEnd: () => void;
}

export class ActiveChats {
  readonly #options: ActiveChatsOptions;
  readonly #work = new Map<string, Promise<void>>();

  constructor(options: ActiveChatsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#work.size;
  }

  has(chat: string): boolean {
    return this.#work.has(chat);
  }

  begin(chat: string, work: Promise<void>): void {
    const { onError, onEnd } = this.#options;
    const doing = work
      .catch((error: unknown) => onError(error, chat))
      .finally(() => {
        // Another work may have begun meanwhile, where this one found that its message stands behind another.
        if (this.#work.get(chat) === doing) this.#work.delete(chat);
        onEnd();
      });
    this.#work.set(chat, doing);
  }

  /** Resolves when all that is being done now has ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#work.values());
  }
}
