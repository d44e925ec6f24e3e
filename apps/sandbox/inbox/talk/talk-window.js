/** The stretch of a conversation that is in the page: bounded, with older and newer messages one question away. */

/**
 * @typedef {import('../types.js').Message} Message
 * @typedef {import('../types.js').Line} Line
 * @typedef {{messages: Message[], lines: Line[], others: Message[], waiting: Message[], has_older: boolean, has_newer: boolean}} Page
 */

const MAX_MESSAGES = 320;
const MAX_LINES = 200;

export class TalkWindow {
  /** @type {Message[]} Sorted by number. */
  messages = [];
  /** @type {Line[]} */
  lines = [];
  /** @type {Message[]} Messages of others, oldest first. */
  others = [];
  /** @type {Message[]} Scheduled messages, the next one first. */
  waiting = [];
  hasOlder = false;
  hasNewer = false;
  /** Whether messages came that were not told one by one: what comes next would leave a gap. */
  isBehind = false;

  get first() {
    return this.messages[0]?.number;
  }

  get last() {
    return this.messages.at(-1)?.number;
  }

  /** @param {Page} page */
  replace(page) {
    this.messages = page.messages;
    this.lines = page.lines;
    this.#takeBeside(page);
    this.hasOlder = page.has_older;
    this.hasNewer = page.has_newer;
    this.isBehind = false;
  }

  /** @param {Page} page */
  addOlder(page) {
    this.messages = [...page.messages, ...this.messages];
    this.hasOlder = page.has_older;
    if (this.messages.length > MAX_MESSAGES) {
      this.messages.length = MAX_MESSAGES;
      this.hasNewer = true;
    }
    this.#takeBeside(page);
    this.#addLines(page.lines);
  }

  /** @param {Page} page */
  addNewer(page) {
    const last = this.last ?? -1;
    this.messages.push(...page.messages.filter(({ number }) => number > last));
    this.hasNewer = page.has_newer;
    this.isBehind = false;
    this.#dropOldest();
    this.#takeBeside(page);
    this.#addLines(page.lines);
  }

  /** Takes the latest page of a chat that changed: messages in their new form, and what stands beside them. @param {Page} page */
  refresh(page) {
    const fresh = new Map(page.messages.map((message) => [message.number, message]));
    this.messages = this.messages.map((message) => fresh.get(message.number) ?? message);
    this.#takeBeside(page);
  }

  /** The messages of others that lie within what is here. */
  get othersHere() {
    const from = this.hasOlder ? (this.messages[0]?.at ?? 0) : 0;
    const to = this.hasNewer ? (this.messages.at(-1)?.at ?? 0) : Infinity;
    return this.others.filter(({ at }) => at >= from && at <= to);
  }

  /** @param {Page} page */
  #takeBeside({ others, waiting }) {
    this.others = others;
    this.waiting = waiting;
  }

  /**
   * Takes a message as it arrives, or its new form. Where the reader is far from the end of a full window, it stays out.
   * @param {Message} message
   * @param {boolean} isAtEnd
   */
  addLive(message, isAtEnd) {
    const known = this.messages.findLastIndex(({ number }) => number === message.number);
    if (known >= 0) this.messages[known] = message;
    if (known >= 0 || this.hasNewer || this.isBehind || message.number < (this.last ?? 0)) return;
    if (!isAtEnd && this.messages.length >= MAX_MESSAGES) {
      this.hasNewer = true;
      return;
    }
    this.messages.push(message);
    this.#dropOldest();
  }

  /** @param {Line} line */
  addLine(line) {
    if (!this.hasNewer) this.#addLines([line]);
  }

  #dropOldest() {
    if (this.messages.length <= MAX_MESSAGES) return;
    this.messages = this.messages.slice(-MAX_MESSAGES);
    this.hasOlder = true;
  }

  /** @param {Line[]} lines */
  #addLines(lines) {
    const byNumber = new Map([...this.lines, ...lines].map((line) => [line.number, line]));
    const from = this.hasOlder ? (this.messages[0]?.at ?? 0) : 0;
    const to = this.hasNewer ? (this.messages.at(-1)?.at ?? 0) : Infinity;
    const all = [...byNumber.values()].filter(({ at }) => at >= from && at <= to);
    this.lines = all.sort((a, b) => a.number - b.number).slice(-MAX_LINES);
  }
}
