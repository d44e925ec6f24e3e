/** Ports of this machine that nobody listens on. */
import { createServer, type AddressInfo } from 'node:net';

/** The settings that choose the ports of a stack. */
export interface Ports {
  readonly SEND_TEXT_PORT: number;
  readonly SEND_MEDIA_PORT: number;
  readonly MONITOR_PORT: number;
  readonly SANDBOX_PORT: number;
  readonly SANDBOX_HTTP_PORT: number;
}

/** One for each, all different; free at the moment they are told. */
export async function freePorts(): Promise<Ports> {
  const servers = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  const [SEND_TEXT_PORT, SEND_MEDIA_PORT, MONITOR_PORT, SANDBOX_PORT, SANDBOX_HTTP_PORT] = ports as [
    number,
    number,
    number,
    number,
    number,
  ];
  return { SEND_TEXT_PORT, SEND_MEDIA_PORT, MONITOR_PORT, SANDBOX_PORT, SANDBOX_HTTP_PORT };
}
