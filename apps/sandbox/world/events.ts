/** What the inbox is told as it happens. */
import type { Delivery } from './deliveries.ts';

/** A line between the messages: a wait, a refusal, a cut connection. `at` is in ms since 1970. */
export interface ServiceLine {
  number: number;
  at: number;
  method: string;
  chatId: bigint | undefined;
  text: string;
}

export type SandboxEvent =
  | { type: 'delivery'; delivery: Delivery }
  | { type: 'service'; line: ServiceLine }
  /** A chat that changed otherwise: an edit, a deletion, a scheduled message, one of somebody else. */
  | { type: 'chat'; account: bigint; chatId: bigint }
  | { type: 'world' }
  | { type: 'reset' };

const maxLines = 500;

/** Hands events to whoever listens, and keeps the latest service lines. */
export class Events {
  readonly #listeners = new Set<(event: SandboxEvent) => void>();
  #lines: ServiceLine[] = [];
  #count = 0;

  /** Listens; the returned function ends that. */
  listen(listener: (event: SandboxEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: SandboxEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Adds a service line. */
  line(method: string, chatId: bigint | undefined, text: string): void {
    const line = { number: ++this.#count, at: Date.now(), method, chatId, text };
    this.#lines.push(line);
    if (this.#lines.length > maxLines) this.#lines.shift();
    this.emit({ type: 'service', line });
  }

  serviceLines(): readonly ServiceLine[] {
    return this.#lines;
  }

  clear(): void {
    this.#lines = [];
    this.emit({ type: 'reset' });
  }
}
