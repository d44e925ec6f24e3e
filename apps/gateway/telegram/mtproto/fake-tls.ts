/** What looks like TLS to whoever watches: a hello, the proxy's answer to it, and records of data that both sides write. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { clientHello, signatureAt, signatureBytes, type HelloOptions } from './client-hello.ts';
import { ProtocolError } from './message-key.ts';
import type { Wire } from './obfuscation.ts';

const headBytes = 5;
const recordType = { changeCipherSpec: 0x14, handshake: 0x16, data: 0x17 } as const;
/** What an answer consists of, record by record. */
const answerRecords = [recordType.handshake, recordType.changeCipherSpec, recordType.data];
/** As TDLib has it. */
const mostWrittenBytes = 2878;
const mostReadBytes = 16_384 + 256;

/** The beginning of one connection. */
export class FakeTlsOpening {
  readonly hello: Buffer;
  readonly #secret: Buffer;
  #received: Buffer = Buffer.alloc(0);

  constructor(options: HelloOptions) {
    this.hello = clientHello(options);
    this.#secret = options.secret;
  }

  /** What came behind the answer once that is whole. @throws ProtocolError where it is not of a proxy that knows the secret */
  push(chunk: Buffer): Buffer | undefined {
    this.#received = Buffer.concat([this.#received, chunk]);
    let end = 0;
    for (const type of answerRecords) {
      const record = recordAt(this.#received, end);
      if (record && record.type !== type) throw new ProtocolError('it answered as a web server does');
      if (!record || record.end > this.#received.length) return undefined;
      end = record.end;
    }
    this.#verify(Buffer.from(this.#received.subarray(0, end)));
    return this.#received.subarray(end);
  }

  #verify(answer: Buffer): void {
    const signature = Buffer.from(answer.subarray(signatureAt, signatureAt + signatureBytes));
    answer.fill(0, signatureAt, signatureAt + signatureBytes);
    const random = this.hello.subarray(signatureAt, signatureAt + signatureBytes);
    const expected = createHmac('sha256', this.#secret).update(random).update(answer).digest();
    if (!timingSafeEqual(expected, signature))
      throw new ProtocolError('its answer is signed with another one');
  }
}

/** Carries another wire in records; `rest` is what came behind the answer to the hello. */
export function recordsWire(inner: Wire): Wire {
  let first: Buffer[] = [Buffer.of(recordType.changeCipherSpec, 3, 3, 0, 1, 1)];
  let pending: Buffer = Buffer.alloc(0);
  return {
    seal(parts) {
      const bytes = Buffer.concat(inner.seal(parts));
      const sealed = first;
      first = [];
      for (let at = 0; at < bytes.length; at += mostWrittenBytes) {
        const data = bytes.subarray(at, at + mostWrittenBytes);
        sealed.push(Buffer.of(recordType.data, 3, 3, data.length >> 8, data.length), data);
      }
      return sealed;
    },
    open(chunk) {
      pending = pending.length > 0 ? Buffer.concat([pending, chunk]) : chunk;
      const opened: Buffer[] = [];
      let at = 0;
      for (let record = recordAt(pending, at); record; record = recordAt(pending, at)) {
        if (record.type !== recordType.data)
          throw new ProtocolError(`a record of TLS of type ${record.type}`);
        if (record.end > pending.length) break;
        opened.push(pending.subarray(at + headBytes, record.end));
        at = record.end;
      }
      pending = pending.subarray(at);
      return inner.open(opened.length === 1 ? opened[0]! : Buffer.concat(opened));
    },
  };
}

/** The record that begins there; undefined while its head is not whole. */
function recordAt(bytes: Buffer, at: number): { readonly type: number; readonly end: number } | undefined {
  if (bytes.length < at + headBytes) return undefined;
  const length = bytes.readUInt16BE(at + 3);
  if (bytes.readUInt16BE(at + 1) !== 0x0303 || length > mostReadBytes)
    throw new ProtocolError('it does not answer as TLS does');
  return { type: bytes[at]!, end: at + headBytes + length };
}
