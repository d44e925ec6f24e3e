/** Cuts a TCP stream into the payloads of its transport's frames, without copying a large frame over and over. */
import { Obfuscation, obfuscationBytes } from './obfuscation.ts';
import { detectTransport, transportInside, type Transport } from './transports.ts';

const headerBytes = 8;
/** The most that one read of a socket brings: the last one of a frame may bring the beginning of the next. */
const readBytes = 64 * 1024;

/** One connection's frames: the incoming stream is cut up, and outgoing payloads are framed alike. */
export class FrameReader {
  transport: Transport | undefined;
  #obfuscation: Obfuscation | undefined;
  #pending: Buffer = Buffer.alloc(0);
  #filled = 0;
  #wanted = 1;

  get isObfuscated(): boolean {
    return this.#obfuscation !== undefined;
  }

  /** Takes bytes in and returns the payloads that are complete. Throws RangeError on nonsense. */
  push(chunk: Buffer): Buffer[] {
    this.#add(this.#obfuscation ? this.#obfuscation.open(chunk) : chunk);
    const payloads: Buffer[] = [];
    while (this.#filled >= this.#wanted) {
      const head = this.#pending.subarray(0, this.#filled);
      const payload = this.transport ? this.#nextPayload(this.transport, head) : this.#detect(head);
      if (payload) payloads.push(payload);
    }
    return payloads;
  }

  /** The bytes to write for one payload, or undefined while the client has not named its transport. */
  frame(payload: Buffer): Buffer | undefined {
    const framed = this.transport?.frame(payload);
    return framed && this.#obfuscation ? this.#obfuscation.seal(framed) : framed;
  }

  #detect(head: Buffer): undefined {
    const detected = detectTransport(head);
    if (detected === 'obfuscated') return this.#deobfuscate(head);
    this.transport = detected;
    if (!detected) this.#wanted = headerBytes;
    else this.#advance(head, detected.tagBytes);
  }

  #deobfuscate(head: Buffer): undefined {
    this.#wanted = obfuscationBytes;
    if (head.length < obfuscationBytes) return;
    this.#obfuscation = new Obfuscation(head.subarray(0, obfuscationBytes));
    this.transport = transportInside(this.#obfuscation.tag);
    const rest = head.subarray(obfuscationBytes);
    this.#advance(rest.length > 0 ? this.#obfuscation.open(rest) : rest, 0);
  }

  #nextPayload(transport: Transport, head: Buffer): Buffer | undefined {
    const span = transport.measure(head);
    if (!span) {
      this.#wanted = head.length + 1;
    } else if (head.length < span.next) {
      this.#wanted = span.next;
    } else {
      transport.check(head.subarray(0, span.next));
      this.#advance(head, span.next);
      return head.subarray(span.start, span.end);
    }
    return undefined;
  }

  /** Joins bytes to those that wait; the memory of a large frame is there before the frame is. */
  #add(chunk: Buffer): void {
    if (this.#filled === 0) {
      this.#pending = chunk;
    } else {
      const needed = this.#filled + chunk.length;
      if (needed > this.#pending.length)
        this.#pending = this.#moved(Math.max(needed, this.#wanted + readBytes));
      chunk.copy(this.#pending, this.#filled);
    }
    this.#filled += chunk.length;
  }

  #moved(size: number): Buffer {
    const larger = Buffer.allocUnsafeSlow(size);
    this.#pending.copy(larger, 0, 0, this.#filled);
    return larger;
  }

  #advance(head: Buffer, count: number): void {
    this.#pending = head.subarray(count);
    this.#filled = this.#pending.length;
    this.#wanted = 1;
  }
}
