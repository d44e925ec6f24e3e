/** The TCP listener: one Connection a socket. */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Connection, type ConnectionContext } from './connection.ts';

/** A listening MTProto server. */
export interface MtprotoServer {
  port: number;
  /** Ends every connection. */
  cut(): void;
  /** Ends every connection and the listener. */
  close(): Promise<void>;
}

interface ListeningAddress {
  host: string;
  /** 0 takes a free one. */
  port: number;
}

/** Listens for MTProto. Rejects with the listener's error, for instance EADDRINUSE. */
export function listenMtproto(address: ListeningAddress, context: ConnectionContext): Promise<MtprotoServer> {
  return listenForSockets(address, (socket) => void new Connection(context, socket));
}

/** Listens, and gives each socket to `serve`. Rejects as listenMtproto does. */
export async function listenForSockets(
  address: ListeningAddress,
  serve: (socket: Socket) => void,
): Promise<MtprotoServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
