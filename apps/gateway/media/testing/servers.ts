/** HTTP servers on loopback that behave as a test says. */
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { WhenDone } from '../../../testkit/when-done.ts';

/** An HTTP server; its URL without a path. Closed with all its connections when the test is over. */
export function serve(answer: RequestListener, whenDone: WhenDone = onTestFinished): Promise<string> {
  const server = createServer(answer);
  whenDone(() => {
    server.closeAllConnections();
    server.close();
  });
  return listening(server);
}

/** A server that says, byte for byte, whatever `speak` writes once a request has come. */
export function serveRaw(speak: (socket: Socket, request: string) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', (request) => speak(socket, request.toString('latin1')));
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return listening(server);
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
