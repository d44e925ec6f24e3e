/** The listeners of all data centres. */
import { DATA_CENTRES, type DataCentrePort } from './data-centres.ts';
import type { ConnectionContext } from './mtproto/connection.ts';
import { FrameOpener } from './mtproto/frame-opener.ts';
import { listenMtproto, type MtprotoServer } from './mtproto/server.ts';

/** The settings that name a port. */
export type PortSetting = DataCentrePort | 'httpPort';

/** A listener that cannot be opened; `setting` names the port that is at fault. */
export class ListenError extends Error {
  readonly setting: PortSetting;
  constructor(setting: PortSetting, cause: unknown) {
    super((cause as Error).message, { cause });
    this.name = 'ListenError';
    this.setting = setting;
  }
}

/** Where to listen. A port that is left open is the data centre's offset above the first one, or a free one. */
export interface WireAddress extends Partial<Record<DataCentrePort, number | undefined>> {
  host: string;
  port: number;
}

/** The ports of all data centres. */
export type DataCentrePorts = Record<DataCentrePort, number>;

/** All listeners. */
export interface Wire {
  ports: DataCentrePorts;
  /** Ends every connection. */
  cut(): void;
  /** Ends every connection and all listeners. */
  close(): Promise<void>;
}

/** Listens. Rejects with ListenError where a port that was named is not free. */
export async function openWire(
  address: WireAddress,
  context: Omit<ConnectionContext, 'dc' | 'opener'>,
): Promise<Wire> {
  const { host } = address;
  const opener = new FrameOpener();
  const servers: MtprotoServer[] = [];
  const ports: Partial<DataCentrePorts> = {};
  const close = async () =>
    void (await Promise.all([...servers.map((server) => server.close()), opener.close()]));

  for (const { id: dc, port: name, offset } of DATA_CENTRES) {
    const listen = (port: number) => listenMtproto({ host, port }, { ...context, dc, opener });
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
    ports: ports as DataCentrePorts,
    cut: () => servers.forEach((server) => server.cut()),
    close,
  };
}
