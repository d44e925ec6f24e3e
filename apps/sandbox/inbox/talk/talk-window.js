/** The stretch of a conversation that is in the page: bounded, with older and newer messages one question away. */

/** @import { LineJson, MessageJson } from '../../http/inbox-views.ts' */

/**
 * @typedef {{epoch: string, messages: MessageJson[], lines: LineJson[], codes: MessageJson[], waiting: MessageJson[], has_older: boolean, has_newer: boolean}} Page
 */

const maxMessages = 320;
const maxLines = 200;

export class TalkWindow {
  /** From which start and reset of the sandbox its messages are. */
  epoch = '';
  /** @type {MessageJson[]} Sent ones and those of others, oldest first. */
  messages = [];
  /** @type {LineJson[]} */
  lines = [];
  /** @type {MessageJson[]} Sign-in codes, which Telegram writes. */
  codes = [];
  /** @type {MessageJson[]} Scheduled messages, the next one first. */
  waiting = [];
  hasOlder = false;
  hasNewer = false;
  /** Whether messages came that were not told one by one: what comes next would leave a gap. */
  isBehind = false;

  get first() {
    return this.messages[0]?.key;
  }

  get last() {
    return this.messages.at(-1)?.key;
  }

  /** Takes the latest page, or the one around a message. @param {Page} page */
  replace(page) {
    this.epoch = page.epoch;
    this.messages = sameOrNew(this.messages, page.messages);
    this.lines = page.lines;
    this.#takeBeside(page);
    this.hasOlder = page.has_older;
    this.hasNewer = page.has_newer;
    this.isBehind = false;
  }

  /** Takes anew what stands from the first message here on. @param {Page} page */
  refresh(page) {
    const { hasOlder } = this;
    this.replace(page);
    this.hasOlder = hasOlder;
  }

  /** @param {Page} page */
  addOlder(page) {
    this.messages = [...page.messages, ...this.messages];
    this.hasOlder = page.has_older;
    if (this.messages.length > maxMessages) {
      this.messages.length = maxMessages;
      this.hasNewer = true;
    }
    this.#takeBeside(page);
    this.#addLines(page.lines);
  }

  /** @param {Page} page */
  addNewer(page) {
    const known = new Set(this.messages.map(({ key }) => key));
    this.messages.push(...page.messages.filter(({ key }) => !known.has(key)));
    this.hasNewer = page.has_newer;
    this.isBehind = false;
    this.#dropOldest();
    this.#takeBeside(page);
    this.#addLines(page.lines);
  }

  /**
   * Takes a sent message as it arrives, or its new form. Where the reader is far from the end of a full window, it stays out.
   * @param {MessageJson} message
   * @param {boolean} isAtEnd
   */
  addLive(message, isAtEnd) {
    const known = this.messages.findLastIndex(({ key }) => key === message.key);
    if (known >= 0) this.messages[known] = message;
    const lastSent = this.messages.findLast(({ from }) => from === undefined);
    const isOld = message.number < (lastSent?.number ?? 0);
    if (known >= 0 || this.hasNewer || this.isBehind || isOld) return;
    if (!isAtEnd && this.messages.length >= maxMessages) {
      this.hasNewer = true;
      return;
    }
    this.messages.push(message);
    this.#dropOldest();
  }

  /** @param {LineJson} line */
  addLine(line) {
    if (!this.hasNewer) this.#addLines([line]);
  }

  /** The codes that lie within what is here. */
  get codesHere() {
    return this.codes.filter(({ at }) => this.#isHere(at));
  }

  /** @param {Page} page */
  #takeBeside({ codes, waiting }) {
    this.codes = sameOrNew(this.codes, codes);
    this.waiting = sameOrNew(this.waiting, waiting);
  }

  #dropOldest() {
    if (this.messages.length <= maxMessages) return;
    this.messages = this.messages.slice(-maxMessages);
    this.hasOlder = true;
  }

  /** @param {LineJson[]} lines */
  #addLines(lines) {
    const byNumber = new Map([...this.lines, ...lines].map((line) => [line.number, line]));
    const all = [...byNumber.values()].filter(({ at }) => this.#isHere(at));
    this.lines = all.sort((a, b) => a.number - b.number).slice(-maxLines);
  }

  /** @param {number} at */
  #isHere(at) {
    const from = this.hasOlder ? (this.messages[0]?.at ?? 0) : 0;
    const to = this.hasNewer ? (this.messages.at(-1)?.at ?? 0) : Infinity;
    return at >= from && at <= to;
  }
}

/** The fresh messages; those that did not change are the ones from before, so that they are not drawn again. @param {MessageJson[]} before @param {MessageJson[]} fresh */
function sameOrNew(before, fresh) {
  const known = new Map(before.map((message) => [message.key, message]));
  return fresh.map((message) => {
    const old = known.get(message.key);
    return old && JSON.stringify(old) === JSON.stringify(message) ? old : message;
  });
}
