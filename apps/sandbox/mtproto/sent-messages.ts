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

const MAX_REMEMBERED = 500;

/** Bounded: the oldest make room. */
export class SentMessages {
  private readonly byId = new Map<bigint, Remembered>();
  private readonly answerIds = new Map<bigint, bigint>();

  /** Keeps a message; `replyTo` is the call that it answers. */
  remember(message: OutgoingMessage, replyTo: bigint | undefined): void {
    if (this.byId.size >= MAX_REMEMBERED) this.forget(this.byId.keys().next().value!);
    this.byId.set(message.id, { ...message, replyTo });
    if (replyTo !== undefined) this.answerIds.set(replyTo, message.id);
  }

  find(id: bigint): OutgoingMessage | undefined {
    return this.byId.get(id);
  }

  /** The id of the answer to a call of the client. */
  answerTo(callId: bigint): bigint | undefined {
    return this.answerIds.get(callId);
  }

  forget(id: bigint): void {
    const replyTo = this.byId.get(id)?.replyTo;
    this.byId.delete(id);
    if (replyTo !== undefined) this.answerIds.delete(replyTo);
  }
}
