/** The listeners of all data centres, and of the proxy before them. */
import { listeners, type ListenerPort } from './world/data-centres.ts';
import type { ConnectionContext } from './mtproto/connection.ts';
import { FrameOpener } from './mtproto/frame-opener.ts';
import { listenMtproto, type MtprotoServer } from './mtproto/server.ts';
import { listenProxy } from './mtproxy/server.ts';

/** The settings that name a port. */
export type PortSetting = ListenerPort | 'proxyPort' | 'httpPort';

/** A listener that cannot be opened; `setting` names the port that is at fault. */
export class ListenError extends Error {
  readonly setting: PortSetting;
  constructor(setting: PortSetting, cause: unknown) {
    super((cause as Error).message, { cause });
    this.name = 'ListenError';
    this.setting = setting;
  }
}

/** Where to listen. A port that is left open is its offset above the first one, or a free one. */
export interface WireAddress extends Partial<Record<ListenerPort | 'proxyPort', number | undefined>> {
  host: string;
  port: number;
}

/** The ports of all listeners. */
export type WirePorts = Record<ListenerPort | 'proxyPort', number>;

/** Where the proxy listens, above the first port. */
const proxyOffset = 4;

/** All listeners. */
export interface Wire {
  ports: WirePorts;
  /** Ends every connection. */
  cut(): void;
  /** Ends every connection and all listeners. */
  close(): Promise<void>;
}

/** Listens. Rejects with ListenError where a port that was named is not free. */
export async function openWire(
  address: WireAddress,
  context: Omit<ConnectionContext, 'dc' | 'isMedia' | 'opener'>,
  proxySecret: Buffer,
): Promise<Wire> {
  const { host } = address;
  const { log, now } = context;
  const opener = new FrameOpener();
  const servers: MtprotoServer[] = [];
  const ports: Partial<WirePorts> = {};
  const close = async () =>
    void (await Promise.all([...servers.map((server) => server.close()), opener.close()]));

  const open = async (
    name: keyof WirePorts,
    offset: number,
    listen: (port: number) => Promise<MtprotoServer>,
  ): Promise<void> => {
    const near = address.port === 0 ? 0 : address.port + offset;
    const named = address[name];
    try {
      const server = await (named === undefined ? listen(near).catch(() => listen(0)) : listen(named));
      servers.push(server);
      ports[name] = server.port;
    } catch (error) {
      await close();
      throw new ListenError(name, error);
    }
  };
  // As a proxy's clients name them; where a data centre has no address for media alone, it is the one for all.
  const byDc = new Map<number, number>();
  for (const { id: dc, isMedia, port: name, offset } of listeners) {
    await open(name, offset, (port) => listenMtproto({ host, port }, { ...context, dc, isMedia, opener }));
    if (!isMedia) byDc.set(dc, ports[name]!);
    byDc.set(-dc, ports[name]!);
  }
  await open('proxyPort', proxyOffset, (port) =>
    listenProxy({ host, port, secret: proxySecret, ports: byDc, log, now }),
  );
  return {
    ports: ports as WirePorts,
    cut: () => servers.forEach((server) => server.cut()),
    close,
  };
}
