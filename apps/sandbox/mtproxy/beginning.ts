/** How a client begins: with 64 bytes obfuscated by the secret, or with a ClientHello and then the same within records. */
import { Obfuscation, obfuscationBytes } from '../mtproto/obfuscation.ts';
import { transportInside, type Transport } from '../mtproto/transports.ts';
import { helloLength, readHello, type HelloCheck } from './client-hello.ts';
import { RecordReader, sealRecords, serverHello } from './fake-tls.ts';

/** The way in and the way out of a client that has begun well. */
export interface Begun {
  /** As its 64 bytes name it; negative for media. */
  dc: number;
  transport: Transport['name'];
  isTls: boolean;
  /** What a data centre gets first: the framing's name, and what the client sent behind its beginning. */
  first: Buffer;
  open(chunk: Buffer): Buffer;
  seal(chunk: Buffer): Buffer;
}

/** What a beginning is judged by. */
export interface BeginningOptions extends HelloCheck {
  /** Whether a beginning came before; notes it. */
  isRepeated: (beginning: Buffer) => boolean;
  answer: (bytes: Buffer) => void;
}

/** Gathers what a client sends first. */
export class Beginning {
  readonly #options: BeginningOptions;
  #pending: Buffer = Buffer.alloc(0);
  #records: RecordReader | undefined;

  constructor(options: BeginningOptions) {
    this.#options = options;
  }

  /** The client's ways once it has begun. Throws RangeError where it is none of the proxy's. */
  push(chunk: Buffer): Begun | undefined {
    this.#pending = Buffer.concat([this.#pending, this.#records ? this.#records.push(chunk) : chunk]);
    if (!this.#records && this.#pending.length >= 3 && this.#pending.readUIntBE(0, 3) === 0x160301) {
      const end = helloLength(this.#pending);
      if (end === undefined || this.#pending.length < end) return undefined;
      this.#hello(this.#pending.subarray(0, end));
      this.#pending = this.#records!.push(this.#pending.subarray(end));
    }
    if (this.#pending.length < obfuscationBytes) return undefined;
    return this.#begun(this.#pending.subarray(0, obfuscationBytes), this.#pending.subarray(obfuscationBytes));
  }

  #hello(record: Buffer): void {
    const { secret, isRepeated, answer } = this.#options;
    const hello = readHello(record, this.#options);
    if (isRepeated(hello.random)) throw new RangeError('a repeated ClientHello');
    this.#records = new RecordReader();
    answer(serverHello(hello, secret));
  }

  #begun(start: Buffer, rest: Buffer): Begun {
    const { secret, isRepeated } = this.#options;
    const records = this.#records;
    const obfuscation = new Obfuscation(start, secret);
    const { name } = transportInside(obfuscation.tag);
    if (records && name !== 'padded') throw new RangeError(`${name} frames within fake TLS`);
    if (isRepeated(start)) throw new RangeError('a repeated beginning');
    const tag = name === 'abridged' ? obfuscation.tag.subarray(0, 1) : obfuscation.tag;
    return {
      dc: obfuscation.dc,
      transport: name,
      isTls: records !== undefined,
      first: Buffer.concat([tag, obfuscation.open(rest)]),
      open: (chunk) => obfuscation.open(records ? records.push(chunk) : chunk),
      seal: (chunk) => (records ? sealRecords(obfuscation.seal(chunk)) : obfuscation.seal(chunk)),
    };
  }
}
