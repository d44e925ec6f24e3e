/** The listeners of both data centres. */
import { HOME_DC, OTHER_DC } from './data-centres.ts';
import type { ConnectionContext } from './mtproto/connection.ts';
import { FrameOpener } from './mtproto/frame-opener.ts';
import { listenMtproto } from './mtproto/server.ts';

/** The settings that name a port. */
export type PortSetting = 'port' | 'secondPort' | 'httpPort';

/** A listener that cannot be opened; `setting` names the port that is at fault. */
export class ListenError extends Error {
  readonly setting: PortSetting;
  constructor(setting: PortSetting, cause: unknown) {
    super((cause as Error).message, { cause });
    this.name = 'ListenError';
    this.setting = setting;
  }
}

/** Where to listen. Left open, the second port is the one two above the first, or a free one. */
export interface WireAddress {
  host: string;
  port: number;
  secondPort?: number | undefined;
}

/** Both listeners. */
export interface Wire {
  port: number;
  secondPort: number;
  /** Ends every connection. */
  cut(): void;
  /** Ends every connection and both listeners. */
  close(): Promise<void>;
}

/** Listens. Rejects with ListenError where a port that was named is not free. */
export async function openWire(
  { host, port, secondPort }: WireAddress,
  context: Omit<ConnectionContext, 'dc' | 'opener'>,
): Promise<Wire> {
  const opener = new FrameOpener();
  const listen = (dc: number, at: number) => listenMtproto({ host, port: at }, { ...context, dc, opener });
  const first = await listen(HOME_DC, port).catch((error: unknown) => {
    throw new ListenError('port', error);
  });
  const opened =
    secondPort === undefined
      ? listen(OTHER_DC, port === 0 ? 0 : first.port + 2).catch(() => listen(OTHER_DC, 0))
      : listen(OTHER_DC, secondPort);
  const second = await opened.catch(async (error: unknown) => {
    await first.close();
    throw new ListenError('secondPort', error);
  });
  return {
    port: first.port,
    secondPort: second.port,
    cut() {
      first.cut();
      second.cut();
    },
    close: async () => void (await Promise.all([first.close(), second.close(), opener.close()])),
  };
}
