/** The listeners of all data centres. */
import { LISTENERS, type ListenerPort } from './data-centres.ts';
import type { ConnectionContext } from './mtproto/connection.ts';
import { FrameOpener } from './mtproto/frame-opener.ts';
import { listenMtproto, type MtprotoServer } from './mtproto/server.ts';

/** The settings that name a port. */
export type PortSetting = ListenerPort | 'httpPort';

/** A listener that cannot be opened; `setting` names the port that is at fault. */
export class ListenError extends Error {
  readonly setting: PortSetting;
  constructor(setting: PortSetting, cause: unknown) {
    super((cause as Error).message, { cause });
    this.name = 'ListenError';
    this.setting = setting;
  }
}

/** Where to listen. A port that is left open is the listener's offset above the first one, or a free one. */
export interface WireAddress extends Partial<Record<ListenerPort, number | undefined>> {
  host: string;
  port: number;
}

/** The ports of all listeners. */
export type WirePorts = Record<ListenerPort, number>;

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
): Promise<Wire> {
  const { host } = address;
  const opener = new FrameOpener();
  const servers: MtprotoServer[] = [];
  const ports: Partial<WirePorts> = {};
  const close = async () =>
    void (await Promise.all([...servers.map((server) => server.close()), opener.close()]));

  for (const { id: dc, isMedia, port: name, offset } of LISTENERS) {
    const listen = (port: number) => listenMtproto({ host, port }, { ...context, dc, isMedia, opener });
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
  }
  return {
    ports: ports as WirePorts,
    cut: () => servers.forEach((server) => server.cut()),
    close,
  };
}
