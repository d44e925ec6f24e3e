/** One TCP connection to a data centre as a stream of payloads, from its opening to its end. */
import { connect, type Socket } from 'node:net';
import { abridged, FrameReader, type Framing } from './framing.ts';
import { ProtocolError } from './message-key.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What a connection tells whoever holds it. */
export interface TransportEvents {
  onPayload(payload: Buffer): void;
  /** The server answered with an error of the transport, such as -404: it does not know the key. */
  onError(code: number): void;
  /** Once, however it ended. `reason` is undefined where `destroy` ended it. */
  onClose(reason: Error | undefined): void;
  /** All that was written has left this process. */
  onDrain(): void;
}

export interface Transport {
  readonly address: Address;
  readonly isOpen: boolean;
  /** Writes one payload. False where the socket holds it back: whoever writes waits for `onDrain`. */
  write(payload: Buffer): boolean;
  /** Ends the connection by a reset, so that the kernel delivers nothing of it any more. */
  destroy(): void;
}

const keepAliveMs = 15_000;

/** Connects. @throws Error where that fails or takes longer than `timeoutMs` */
export async function connectTransport(
  address: Address,
  timeoutMs: number,
  events: TransportEvents,
): Promise<Transport> {
  const socket = await dial(address, timeoutMs);
  socket.setNoDelay(true).setKeepAlive(true, keepAliveMs);
  socket.write(Buffer.of(abridged.tag & 0xff));
  return framed(socket, address, abridged, events);
}

function dial({ host, port }: Address, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const timer = setTimeout(
      () => socket.destroy(new Error(`no connection within ${timeoutMs} ms`)),
      timeoutMs,
    );
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

function framed(socket: Socket, address: Address, framing: Framing, events: TransportEvents): Transport {
  const reader = new FrameReader(framing);
  let reason: Error | undefined;
  let isOurs = false;
  const fail = (error: Error) => {
    reason ??= error;
    socket.resetAndDestroy();
  };
  socket.on('error', (error) => (reason ??= error));
  socket.on('end', () => fail(new Error('the server closed the connection')));
  socket.on('drain', () => events.onDrain());
  socket.once('close', () => {
    events.onClose(isOurs ? undefined : (reason ?? new Error('the connection was closed')));
  });
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const payload of reader.push(chunk)) {
        if (isOurs) return;
        if (payload.length === 4) events.onError(payload.readInt32LE());
        else events.onPayload(payload);
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      fail(error);
    }
  });
  return {
    address,
    get isOpen() {
      return !isOurs && socket.writable;
    },
    write(payload) {
      const { head, padding } = framing.head(payload.length);
      socket.cork();
      socket.write(head);
      const hasRoom = socket.write(payload);
      if (padding.length > 0) socket.write(padding);
      socket.uncork();
      return hasRoom;
    },
    destroy() {
      isOurs = true;
      socket.resetAndDestroy();
    },
  };
}
