/** What a proxy says that is none, or not the one that it should be. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serverHello } from '../../../sandbox/mtproxy/fake-tls.ts';
import { parseProxy, ProxyError } from './proxy.ts';
import { dial } from './dial.ts';

const secret = '00112233445566778899aabbccddeeff';
const tls = `ee${secret}${Buffer.from('sandbox.example').toString('hex')}`;
const telegram = { host: '192.0.2.1', port: 443 };

/** Dials through a server that answers the first bytes it gets; the fault that is found. */
async function faultOf(
  answer: (socket: Socket, hello: Buffer) => void,
  url: (port: number) => string,
  timeoutMs = 5_000,
): Promise<unknown> {
  const server = createServer((socket) => {
    socket.on('error', () => {}).once('data', (chunk: Buffer) => answer(socket, chunk));
    onTestFinished(() => void socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const proxy = parseProxy(url((server.address() as AddressInfo).port))!;
  return dial(telegram, proxy, timeoutMs).then(
    ({ socket }) => void socket.destroy(),
    (error: unknown) =>
      error instanceof ProxyError ? [error.fault, error.standing.reason.values.error] : error,
  );
}

describe('within fake TLS', () => {
  const url = (port: number) => `mtproxy://127.0.0.1:${port}?secret=${tls}`;
  const answered = (by: Buffer) => (socket: Socket, hello: Buffer) => {
    const sessionId = hello.subarray(44, 76);
    socket.write(serverHello({ random: hello.subarray(11, 43), sessionId }, by));
  };

  it('an answer that is signed with the secret is taken, and no other one', async () => {
    expect(await faultOf(answered(Buffer.from(secret, 'hex')), url)).toBeUndefined();
    const fault = await faultOf(answered(randomBytes(16)), url);
    expect(fault).toEqual(['secret', 'its answer is signed with another one']);
  });

  it.each<[what: string, answer: (socket: Socket) => void, why: string | RegExp]>([
    [
      'an alert of TLS',
      (socket) => socket.write(Buffer.of(0x15, 3, 3, 0, 2, 2, 40)),
      'it answered as a web server does',
    ],
    [
      'plain HTTP',
      (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
      'it does not answer as TLS does',
    ],
    ['an end', (socket) => socket.end(), 'it closed the connection without an answer'],
  ])('%s is no proxy', async (_, answer, why) => {
    expect(await faultOf(answer, url)).toEqual(['secret', why]);
  });

  it('silence is waited for no longer than it was said', async () => {
    expect(await faultOf(() => {}, url, 300)).toEqual(['secret', expect.stringMatching(/^no answer within/)]);
  });
});

describe('SOCKS5', () => {
  const url = (port: number) => `socks5://127.0.0.1:${port}`;

  it.each([
    ['refuses the destination', [5, 2, 0, 1, 0, 0, 0, 0, 0, 0], ['onward', 'NotAllowed']],
    ['finds no host', [5, 4, 0, 1, 0, 0, 0, 0, 0, 0], ['onward', 'HostUnreachable']],
  ])('that %s does not reach Telegram', async (_, answer, fault) => {
    const refuse = (socket: Socket) => {
      socket.once('data', () => socket.end(Buffer.from(answer)));
      socket.write(Buffer.of(5, 0));
    };
    expect(await faultOf(refuse, url)).toEqual(fault);
  });

  it('that speaks something else, or nothing, cannot be reached', async () => {
    expect(await faultOf((socket) => socket.end('HTTP/1.1 400\r\n'), url)).toMatchObject([
      'unreachable',
      expect.any(String),
    ]);
    expect(await faultOf(() => {}, url, 300)).toEqual(['unreachable', 'Proxy connection timed out']);
  });
});
