/** Ports of this machine that nobody listens on, and that no other test of the engines is given meanwhile. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { randomInt } from 'node:crypto';

/** The settings that choose the ports of a stack. */
const settings = [
  'SEND_TEXT_PORT',
  'SEND_MEDIA_PORT',
  'MONITOR_PORT',
  'SANDBOX_PORT',
  'SANDBOX_SECOND_PORT',
  'SANDBOX_DC1_PORT',
  'SANDBOX_MEDIA_PORT',
  'SANDBOX_PROXY_PORT',
  'SANDBOX_HTTP_PORT',
  'PROMETHEUS_PORT',
  'ALERTMANAGER_PORT',
  'GRAFANA_PORT',
] as const;

export type Ports = Readonly<Record<(typeof settings)[number], number>>;

/** Below those that Linux gives to connections by itself, so that none of them takes one before it is used. */
const [lowest, beyond] = [12_000, 32_000];
const triesPerPort = 50;
/** What holds the ports of this process for it: they are let go when it ends, however it does. */
const held: Server[] = [];

/** One for each setting, all different. */
export async function stackPorts(): Promise<Ports> {
  const ports = await freePorts(settings.length);
  return Object.fromEntries(settings.map((name, index) => [name, ports[index]])) as Ports;
}

/** `count` ports of loopback. @throws when the machine has hardly any left */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let tries = 0; ports.length < count; tries++) {
    if (tries > triesPerPort * count) throw new Error(`no free ports between ${lowest} and ${beyond}`);
    const port = randomInt(lowest, beyond);
    if (await reserve(port)) ports.push(port);
  }
  return ports;
}

/** Keeps it for this process by a name that only one on the machine can have, unless someone listens there. */
async function reserve(port: number): Promise<boolean> {
  const name = await listening({ path: `\0vestnik-engines-port-${port}` });
  if (!name) return false;
  const free = await listening({ port, host: '127.0.0.1' });
  free?.close();
  if (free) held.push(name.unref());
  else name.close();
  return free !== undefined;
}

async function listening(
  where: { path: string } | { port: number; host: string },
): Promise<Server | undefined> {
  const server = createServer().listen(where);
  return once(server, 'listening').then(
    () => server,
    () => undefined,
  );
}
