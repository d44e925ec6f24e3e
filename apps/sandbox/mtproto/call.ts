/** One API call as the wire hands it over, and the ways to answer it. */
import { gzipSync } from 'node:zlib';
import { gzipPacked } from '../tl/reader.ts';
import type { TlObject, TlValue } from '../tl/values.ts';
import { TlWriter } from '../tl/writer.ts';
import type { Session } from './session.ts';

const rpcResult = 0xf35c6d01;
const rpcError = 0x2144ca19;
const gzipFromBytes = 4096;
const writerBytes = 512;

/** The connection that a call came on. */
export interface CallConnection {
  /** When it was opened, in ms since 1970 by this machine's clock. */
  readonly openedAt: number;
  readonly isOpen: boolean;
  /** Whether it goes to an address for files alone. */
  readonly isMedia: boolean;
  /** Ends it at once. */
  cut(): void;
}

/** An API call of a client. Answer it once, or lose it. */
export class Call {
  readonly session: Session;
  readonly messageId: bigint;
  readonly query: TlObject;
  /** When it arrived, in ms since 1970 by this machine's clock. */
  readonly receivedAt: number;
  readonly connection: CallConnection;

  constructor(session: Session, messageId: bigint, query: TlObject, connection: CallConnection) {
    this.session = session;
    this.messageId = messageId;
    this.query = query;
    this.receivedAt = Date.now();
    this.connection = connection;
    session.running.add(messageId);
  }

  /** Ends the connection as if the call had been lost on its way here. */
  lose(): void {
    this.session.running.delete(this.messageId);
    this.session.seen.forget(this.messageId);
    this.connection.cut();
  }

  /** Answers with a result. */
  answer(result: TlValue): void {
    const writer = new TlWriter(writerBytes, this.session.layer).uint(rpcResult).long(this.messageId);
    const body = writer.result(result).finish();
    this.#send(body.length < gzipFromBytes ? body : packed(body));
  }

  /** Answers with the bytes of an object that the schema need not have. */
  answerRaw(result: Buffer): void {
    this.#send(new TlWriter().uint(rpcResult).long(this.messageId).raw(result).finish());
  }

  /** Answers with an rpc_error; returns the id of the answer's message, or undefined where the client dropped it. */
  fail(code: number, message: string): bigint | undefined {
    const writer = new TlWriter().uint(rpcResult).long(this.messageId);
    this.session.failed.isNew(this.messageId);
    return this.#send(writer.uint(rpcError).int(code).string(message).finish());
  }

  #send(body: Buffer): bigint | undefined {
    const isWanted = this.session.running.delete(this.messageId);
    if (!isWanted) return undefined;
    return this.session.send(body, 'answer', true, this.messageId);
  }
}

function packed(body: Buffer): Buffer {
  const result = gzipSync(body.subarray(12), { level: 1 });
  if (result.length + 8 >= body.length - 12) return body;
  return new TlWriter(result.length + 32).raw(body.subarray(0, 12)).uint(gzipPacked).bytes(result).finish();
}
