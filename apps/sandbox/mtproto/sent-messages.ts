/** The latest messages of a session that the client has not acknowledged, so that they can be sent again. */

/** One message of the server. */
export interface OutgoingMessage {
  id: bigint;
  sequence: number;
  body: Buffer;
}

interface Remembered extends OutgoingMessage {
  replyTo: bigint | undefined;
}

/** Messages by their id, and answers by the call that they answer. */
class Generation {
  readonly byId = new Map<bigint, Remembered>();
  readonly answerIds = new Map<bigint, bigint>();
}

const GENERATION_SIZE = 250;

/** Bounded: there are two generations, and the older one goes when the newer is full. */
export class SentMessages {
  private current = new Generation();
  private older = new Generation();

  /** Keeps a message; `replyTo` is the call that it answers. */
  remember({ id, sequence, body }: OutgoingMessage, replyTo: bigint | undefined): void {
    if (this.current.byId.size >= GENERATION_SIZE) {
      this.older = this.current;
      this.current = new Generation();
    }
    this.current.byId.set(id, { id, sequence, body, replyTo });
    if (replyTo !== undefined) this.current.answerIds.set(replyTo, id);
  }

  find(id: bigint): OutgoingMessage | undefined {
    return this.current.byId.get(id) ?? this.older.byId.get(id);
  }

  /** The id of the answer to a call of the client. */
  answerTo(callId: bigint): bigint | undefined {
    return this.current.answerIds.get(callId) ?? this.older.answerIds.get(callId);
  }

  forget(id: bigint): void {
    const { byId, answerIds } = this.current.byId.has(id) ? this.current : this.older;
    const replyTo = byId.get(id)?.replyTo;
    byId.delete(id);
    if (replyTo !== undefined) answerIds.delete(replyTo);
  }
}
