/** A request by a method that fetch does not send. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

export interface RawAnswer {
  readonly status: number;
  readonly allow: string | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

/** Asks `path` of a service on this machine, without a body; waits at most 20 seconds. */
export async function askRaw(port: number, method: string, path: string): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1').setTimeout(20_000, () => socket.destroy());
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim();
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]);
  return { status, allow: header('allow'), type: header('content-type'), body };
}
