/** The latest messages of a session that the client has not acknowledged, so that they can be sent again. */

/** One message of the server. */
export interface ServerMessage {
  readonly id: bigint;
  readonly sequence: number;
  readonly body: Buffer;
  /** The call that it answers. */
  readonly replyTo: bigint | undefined;
  /** `alone` goes in a frame of its own; `again` in a container, whose id is of this moment, even where it is alone. */
  place: 'alone' | 'again' | 'any';
  /** Whether it is about to be written. */
  isQueued: boolean;
}

/** Messages by their id, and answers by the call that they answer. */
class Generation {
  readonly byId = new Map<bigint, ServerMessage>();
  readonly answerIds = new Map<bigint, bigint>();
  bytes = 0;
}

const generationSize = 250;
const generationBytes = 2 * 1024 * 1024;

/** Bounded: there are two generations, and the older one goes when the newer is full. */
export class SentMessages {
  #current = new Generation();
  #older = new Generation();

  /** Keeps a message. */
  remember(message: ServerMessage): void {
    if (this.#current.byId.size >= generationSize || this.#current.bytes >= generationBytes) {
      this.#older = this.#current;
      this.#current = new Generation();
    }
    this.#current.byId.set(message.id, message);
    this.#current.bytes += message.body.length;
    if (message.replyTo !== undefined) this.#current.answerIds.set(message.replyTo, message.id);
  }

  find(id: bigint): ServerMessage | undefined {
    return this.#current.byId.get(id) ?? this.#older.byId.get(id);
  }

  /** The answer to a call of the client. */
  answerTo(callId: bigint): ServerMessage | undefined {
    const id = this.#current.answerIds.get(callId) ?? this.#older.answerIds.get(callId);
    return id === undefined ? undefined : this.find(id);
  }

  get size(): number {
    return this.#older.byId.size + this.#current.byId.size;
  }

  /** All of them, the oldest first. */
  all(): ServerMessage[] {
    return [...this.#older.byId.values(), ...this.#current.byId.values()];
  }

  forget(id: bigint): void {
    const generation = this.#current.byId.has(id) ? this.#current : this.#older;
    const message = generation.byId.get(id);
    if (!message) return;
    generation.byId.delete(id);
    generation.bytes -= message.body.length;
    if (message.replyTo !== undefined) generation.answerIds.delete(message.replyTo);
  }
}
