/** The proxy's side of fake TLS: its answer to a hello, and the records that carry everything after it. */
import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { randomAt, helloRandomBytes, recordBytes, type ClientHello } from './client-hello.ts';

const changeCipherSpec = 0x14;
const applicationData = 0x17;
/** More than any record of TLS 1.3. */
const mostRecordBytes = 16_384 + 256;
const mostWrittenBytes = 16_384;

/** ServerHello, ChangeCipherSpec and what stands for a certificate, with the signature that the client verifies. */
export function serverHello({ random, sessionId }: ClientHello, secret: Buffer): Buffer {
  const extensions = Buffer.concat([
    Buffer.from('00330024001d0020', 'hex'),
    randomBytes(32),
    Buffer.from('002b00020304', 'hex'),
  ]);
  const body = Buffer.concat([
    Buffer.from('0303', 'hex'),
    Buffer.alloc(helloRandomBytes),
    Buffer.of(sessionId.length),
    sessionId,
    Buffer.from('130100', 'hex'),
    lengthOf(extensions, 2),
    extensions,
  ]);
  const hello = Buffer.concat([Buffer.of(2), lengthOf(body, 3), body]);
  const answer = Buffer.concat([
    record(0x16, hello),
    record(changeCipherSpec, Buffer.of(1)),
    record(applicationData, randomBytes(randomInt(1024, 4096))),
  ]);
  createHmac('sha256', secret).update(random).update(answer).digest().copy(answer, randomAt);
  return answer;
}

/** Bytes as records. */
export function sealRecords(bytes: Buffer): Buffer {
  const records: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += mostWrittenBytes)
    records.push(record(applicationData, bytes.subarray(at, at + mostWrittenBytes)));
  return Buffer.concat(records);
}

/** Takes the bytes out of a client's records. */
export class RecordReader {
  #pending: Buffer = Buffer.alloc(0);
  #hasBegun = false;

  /** What is whole by now. Throws RangeError on anything but a single ChangeCipherSpec and data. */
  push(chunk: Buffer): Buffer {
    this.#pending = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk;
    const opened: Buffer[] = [];
    while (this.#pending.length >= recordBytes) {
      const end = recordBytes + this.#pending.readUInt16BE(3);
      if (this.#pending.readUInt16BE(1) !== 0x0303 || end > recordBytes + mostRecordBytes)
        throw new RangeError('no record of TLS');
      if (this.#pending.length < end) break;
      if (this.#isData(this.#pending[0]!)) opened.push(this.#pending.subarray(recordBytes, end));
      this.#pending = this.#pending.subarray(end);
    }
    return Buffer.concat(opened);
  }

  #isData(type: number): boolean {
    const isData = type === applicationData;
    if (!isData && (type !== changeCipherSpec || this.#hasBegun))
      throw new RangeError(`a record of type ${type}`);
    this.#hasBegun ||= isData;
    return isData;
  }
}

function record(type: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.of(type, 3, 3), lengthOf(body, 2), body]);
}

function lengthOf({ length }: Buffer, size: 2 | 3): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(length, 0, size);
  return bytes;
}
