/** One TCP connection to a data centre as a stream of payloads, from its opening to its end. */
import type { Proxy } from './proxy.ts';
import { dial, type Address, type Dialled } from './dial.ts';
import { recordsWire } from './fake-tls.ts';
import { abridged, FrameReader, intermediate, paddedIntermediate, type Framing } from './framing.ts';
import { ProtocolError } from './message-key.ts';
import { obfuscatedWire, plainWire, type Wire } from './obfuscation.ts';

/** How connections leave this machine. */
export interface WayOut {
  readonly proxy: Proxy | undefined;
  /** Whether what is not encrypted looks like noise, too; an MTProxy takes nothing else. */
  readonly isObfuscated: boolean;
}

/** As Telegram's own clients connect: without a proxy, and like noise. */
export const direct: WayOut = { proxy: undefined, isObfuscated: true };

/** What to connect to. */
export interface Destination {
  readonly address: Address;
  /** Negative for a data centre's addresses for media alone. */
  readonly dcId: number;
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
  /** Whether anything has come from the other side. */
  readonly hasHeard: boolean;
  /** Writes one payload. False where the socket holds it back: whoever writes waits for `onDrain`. */
  write(payload: Buffer): boolean;
  /** Ends the connection by a reset, so that the kernel delivers nothing of it any more. */
  destroy(): void;
}

const keepAliveMs = 15_000;

/** Connects. @throws Error where that fails or takes longer than `timeoutMs`; ProxyError where a proxy is at fault */
export async function connectTransport(
  { address, dcId }: Destination,
  way: WayOut,
  timeoutMs: number,
  events: TransportEvents,
): Promise<Transport> {
  const dialled = await dial(address, way.proxy, timeoutMs);
  dialled.socket.setNoDelay(true).setKeepAlive(true, keepAliveMs);
  const framing = framingFor(way.proxy);
  return framed(dialled, address, framing, wireFor(way, framing.tag, dcId), events);
}

/** As TDLib frames what goes through an MTProxy. */
function framingFor(proxy: Proxy | undefined): Framing {
  if (proxy?.kind !== 'mtproxy') return abridged;
  return proxy.isPadded ? paddedIntermediate : intermediate;
}

function wireFor({ proxy, isObfuscated }: WayOut, tag: number, dcId: number): Wire {
  if (proxy?.kind !== 'mtproxy')
    return isObfuscated ? obfuscatedWire({ tag, dcId, secret: undefined }) : plainWire(tag);
  const wire = obfuscatedWire({ tag, dcId, secret: proxy.secret });
  return proxy.domain === undefined ? wire : recordsWire(wire);
}

function framed(
  { socket, rest }: Dialled,
  address: Address,
  framing: Framing,
  wire: Wire,
  events: TransportEvents,
): Transport {
  const reader = new FrameReader(framing);
  let reason: Error | undefined;
  let isOurs = false;
  let hasHeard = false;
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
  const take = (chunk: Buffer) => {
    try {
      hasHeard = true;
      for (const payload of reader.push(wire.open(chunk))) {
        if (isOurs) return;
        if (payload.length === 4) events.onError(payload.readInt32LE());
        else events.onPayload(payload);
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      fail(error);
    }
  };
  socket.on('data', take);
  if (rest.length > 0) socket.unshift(rest);
  socket.resume();
  return {
    address,
    get hasHeard() {
      return hasHeard;
    },
    get isOpen() {
      return !isOurs && socket.writable;
    },
    write(payload) {
      const { head, padding } = framing.head(payload.length);
      let hasRoom = true;
      socket.cork();
      for (const part of wire.seal([head, payload, padding])) hasRoom = socket.write(part);
      socket.uncork();
      return hasRoom;
    },
    destroy() {
      isOurs = true;
      socket.resetAndDestroy();
    },
  };
}
