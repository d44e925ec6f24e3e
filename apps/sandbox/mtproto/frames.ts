/** Cuts a TCP stream into the payloads of its transport's frames, without copying a large frame over and over. */
import { detectTransport, type Transport } from './transports.ts';

const HEADER_BYTES = 8;

/** The incoming side of one connection. */
export class FrameReader {
  transport: Transport | undefined;
  private chunks: Buffer[] = [];
  private available = 0;
  private wanted = 1;

  /** Takes bytes in and returns the payloads that are complete. Throws RangeError on nonsense. */
  push(chunk: Buffer): Buffer[] {
    this.chunks.push(chunk);
    this.available += chunk.length;
    const payloads: Buffer[] = [];
    while (this.available >= this.wanted) {
      const head = this.joined();
      const payload = this.transport ? this.nextPayload(this.transport, head) : this.detect(head);
      if (payload) payloads.push(payload);
    }
    return payloads;
  }

  private detect(head: Buffer): undefined {
    this.transport = detectTransport(head);
    if (!this.transport) this.wanted = HEADER_BYTES;
    else this.advance(head, this.transport.tagBytes);
  }

  private nextPayload(transport: Transport, head: Buffer): Buffer | undefined {
    const span = transport.measure(head);
    if (!span) {
      this.wanted = head.length + 1;
    } else if (head.length < span.next) {
      this.wanted = span.next;
    } else {
      transport.check(head.subarray(0, span.next));
      this.advance(head, span.next);
      return head.subarray(span.start, span.end);
    }
    return undefined;
  }

  private advance(head: Buffer, count: number): void {
    const rest = head.subarray(count);
    this.chunks = rest.length > 0 ? [rest] : [];
    this.available = rest.length;
    this.wanted = 1;
  }

  private joined(): Buffer {
    if (this.chunks.length > 1) this.chunks = [Buffer.concat(this.chunks, this.available)];
    return this.chunks[0] ?? Buffer.alloc(0);
  }
}
