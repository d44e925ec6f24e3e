/** Cuts a TCP stream into the payloads of its transport's frames, without copying a large frame over and over. */
import { Obfuscation, OBFUSCATION_BYTES } from './obfuscation.ts';
import { detectTransport, transportInside, type Transport } from './transports.ts';

const HEADER_BYTES = 8;

/** One connection's frames: the incoming stream is cut up, and outgoing payloads are framed alike. */
export class FrameReader {
  transport: Transport | undefined;
  private obfuscation: Obfuscation | undefined;
  private chunks: Buffer[] = [];
  private available = 0;
  private wanted = 1;

  get isObfuscated(): boolean {
    return this.obfuscation !== undefined;
  }

  /** Takes bytes in and returns the payloads that are complete. Throws RangeError on nonsense. */
  push(chunk: Buffer): Buffer[] {
    this.chunks.push(this.obfuscation ? this.obfuscation.open(chunk) : chunk);
    this.available += chunk.length;
    const payloads: Buffer[] = [];
    while (this.available >= this.wanted) {
      const head = this.joined();
      const payload = this.transport ? this.nextPayload(this.transport, head) : this.detect(head);
      if (payload) payloads.push(payload);
    }
    return payloads;
  }

  /** The bytes to write for one payload, or undefined while the client has not named its transport. */
  frame(payload: Buffer): Buffer | undefined {
    const framed = this.transport?.frame(payload);
    return framed && this.obfuscation ? this.obfuscation.seal(framed) : framed;
  }

  private detect(head: Buffer): undefined {
    const detected = detectTransport(head);
    if (detected === 'obfuscated') return this.deobfuscate(head);
    this.transport = detected;
    if (!detected) this.wanted = HEADER_BYTES;
    else this.advance(head, detected.tagBytes);
  }

  private deobfuscate(head: Buffer): undefined {
    this.wanted = OBFUSCATION_BYTES;
    if (head.length < OBFUSCATION_BYTES) return;
    this.obfuscation = new Obfuscation(head.subarray(0, OBFUSCATION_BYTES));
    this.transport = transportInside(this.obfuscation.tag);
    const rest = head.subarray(OBFUSCATION_BYTES);
    this.advance(rest.length > 0 ? this.obfuscation.open(rest) : rest, 0);
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
