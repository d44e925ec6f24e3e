/** What follows when a message was settled, or was not sent for now: the log, those who wait for it, its files. */
import type { Logger } from '../../kit/log.ts';
import { sentence } from '../../kit/reason.ts';
import { shownChat } from '../peers/resolver.ts';
import type { Spool } from '../media/spool.ts';
import { spooledFilesOf, untilKnown, type StoredMessage } from '../model/message.ts';
import { unnamedItems, unnamedItemsNote } from '../model/unnamed-items.ts';

export interface Notices {
  /** Told of every message as soon as it is in its chat; `onSettled` follows once that is written. */
  readonly onSent: (message: StoredMessage) => void;
  /** Told of every message that an attempt or its age has settled. */
  readonly onSettled: (message: StoredMessage) => void;
  /** Told of every attempt that failed for now. */
  readonly onTroubled: (message: StoredMessage) => void;
  /** Told of every message that is not going to be sent before its `notBefore`. */
  readonly onHeld: (message: StoredMessage) => void;
}

export class SettledMessages {
  readonly #spool: Spool;
  readonly #log: Logger;
  readonly #notices: Notices;

  constructor(spool: Spool, log: Logger, notices: Notices) {
    this.#spool = spool;
    this.#log = log;
    this.#notices = notices;
  }

  /** It is in its chat; `settled` follows once that is written. */
  sent(message: StoredMessage): void {
    this.#log.info(factsOf(message), 'sent');
    const items = unnamedItems(message);
    if (items.length > 0) this.#log.warn(factsOf(message), sentence(unnamedItemsNote(items)));
    this.#notices.onSent(message);
  }

  async settled(message: StoredMessage): Promise<void> {
    const { status, failure } = message;
    if (status === 'cancelled') this.#log.info(factsOf(message), status);
    else if (status !== 'sent')
      this.#log.error({ ...factsOf(message), class: failure?.class }, failure?.detail ?? status);
    this.#notices.onSettled(message);
    // The files of one that failed or expired stay until it is purged: it may be retried.
    if (status === 'failed' || status === 'expired') return;
    await Promise.all(spooledFilesOf(message.content).map((name) => this.#spool.remove(name)));
  }

  /** An attempt failed, and there will be another. */
  troubled(message: StoredMessage): void {
    this.putOff(message);
    this.#notices.onHeld(message);
  }

  /** Its chat is not looked up for now. */
  putOff(message: StoredMessage): void {
    const { notBefore, failure } = message;
    this.#log.warn(
      { ...factsOf(message), notBefore, class: failure?.class },
      failure?.detail ?? 'not sent yet',
    );
    this.#notices.onTroubled(message);
  }

  /** It was not tried, and will not be for a known time. */
  held(message: StoredMessage): void {
    if (message.notBefore !== untilKnown) this.#notices.onHeld(message);
  }
}

function factsOf({ id, chat, attempts, requestId }: StoredMessage) {
  return { id, chat: shownChat(chat), attempts, requestId };
}
