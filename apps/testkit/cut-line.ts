/** For tests: a port before a sandbox's HTTP side whose connections can be cut and refused for a while. */
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** A line to a port. */
export interface CutLine extends AsyncDisposable {
  httpPort: number;
  /** Cuts all connections, and each new one until `mend`. */
  cut: () => void;
  mend: () => void;
}

/** Opens a line to a port of this machine. */
export async function cutLine(port: number): Promise<CutLine> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    near.pipe(far).pipe(near);
    return undefined;
  });
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    httpPort: (server.address() as AddressInfo).port,
    cut,
    mend: () => (isCut = false),
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
