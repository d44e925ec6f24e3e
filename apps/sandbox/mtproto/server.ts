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

/** Listens on `host:port` (0 takes a free port). Rejects with the listener's error, for instance EADDRINUSE. */
export async function listenMtproto(
  address: { host: string; port: number },
  context: ConnectionContext,
): Promise<MtprotoServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    new Connection(context, socket);
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
