/** The second link of a session, for files, so that a text never waits behind the parts of one. */
import type { Link } from './link.ts';

/** A link that is opened when first needed and closed when nobody used it for a while. */
export class UploadLink {
  readonly #open: () => Promise<Link>;
  readonly #idleMs: number;
  #link: Promise<Link> | undefined;
  #users = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(open: () => Promise<Link>, idleMs: number) {
    this.#open = open;
    this.#idleMs = idleMs;
  }

  async use<T>(work: (link: Link) => Promise<T>): Promise<T> {
    clearTimeout(this.#idle);
    this.#users++;
    try {
      return await work(await this.#opened());
    } finally {
      this.#users--;
      if (this.#users === 0) this.#idle = setTimeout(() => void this.close(), this.#idleMs);
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const link = this.#link;
    this.#link = undefined;
    await link?.then((opened) => opened.close()).catch(() => {});
  }

  #opened(): Promise<Link> {
    if (!this.#link) {
      const opening = this.#open();
      const forget = () => {
        if (this.#link === opening) this.#link = undefined;
      };
      this.#link = opening;
      opening.then((link) => link.ended.then(forget), forget);
    }
    return this.#link;
  }
}
