/** The sandbox's MTProxy, judged by a client that is not ours. */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { InputMedia, MtProxyTcpTransport } from '@mtcute/node';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { foreignClient } from '../../testkit/mtcute.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { shared } from '../../testkit/when-done.ts';

let sandbox: TestSandbox;
beforeAll(shared(async (whenDone) => void (sandbox = await startSandbox({}, whenDone))));

const through = (port: number, secret: string) =>
  foreignClient(sandbox, { transport: new MtProxyTcpTransport({ host: '127.0.0.1', port, secret }) });

describe.each(['plain', 'padded', 'tls'] as const)('a foreign client with the %s secret', (form) => {
  it('sends a text and a file, and reads the file back', async () => {
    await sandbox.post('/reset');
    const client = await through(sandbox.proxyPort, sandbox.proxySecrets[form]);
    const file = randomBytes(1_500_000);
    await client.start();
    await client.sendText('me', 'through the proxy');
    const { media } = await client.sendMedia('me', InputMedia.document(file, { fileName: 'a.bin' }));
    if (media?.type !== 'document') expect.fail('no document');
    expect(Buffer.from(await client.downloadAsBuffer(media)).equals(file)).toBe(true);
    expect((await sandbox.report()).delivered).toMatchObject([{ text: 'through the proxy' }, { text: '' }]);
  });
});

describe('a beginning within fake TLS', () => {
  it('is answered once, and not when it comes again', async () => {
    const hello = await helloFor(sandbox.proxySecrets.tls);
    expect(await answerTo(hello)).toMatchObject({ bytes: expect.any(Number) as number, isClosed: false });
    expect(await answerTo(hello)).toEqual({ bytes: 0, isClosed: true });
  });

  it.each<[why: string, hello: (tls: string, plain: string) => Promise<Buffer>]>([
    ['another secret', (tls, plain) => helloFor(tls.replace(plain, '0'.repeat(32)))],
    ['another domain', (tls) => helloFor(tls.slice(0, 34) + Buffer.from('other.example').toString('hex'))],
    ['a byte that changed on the way', async (tls) => changed(await helloFor(tls), 60)],
    ['another time', async (tls) => changed(await helloFor(tls), 11 + 30)],
  ])('with %s is closed without an answer', async (_, hello) => {
    const { tls, plain } = sandbox.proxySecrets;
    expect(await answerTo(await hello(tls, plain))).toEqual({ bytes: 0, isClosed: true });
  });

  it.each([0xefefefef, 0xeeeeeeee])('that names frames without padding (%i) is closed', async (tag) => {
    const hello = await helloFor(sandbox.proxySecrets.tls);
    const start = startOf(tag, 2);
    const record = Buffer.concat([Buffer.of(0x17, 3, 3, 0, start.length), start]);
    expect((await answerTo(hello, record)).isClosed).toBe(true);
  });
});

describe('a beginning without TLS', () => {
  it.each<[why: string, start: () => Buffer]>([
    ['no obfuscation', () => Buffer.concat([Buffer.of(0xef), randomBytes(63)])],
    ['another secret', () => startOf(0xdddddddd, 2, randomBytes(16))],
    ['an unknown framing', () => startOf(0xabababab, 2)],
    ['a data centre that is not there', () => startOf(0xdddddddd, 7)],
  ])('with %s is closed without an answer', async (_, start) => {
    expect(await answerTo(start())).toEqual({ bytes: 0, isClosed: true });
  });

  it.each([2, -2, 1, 4, -4])('is passed on to data centre %i, and once only', async (dc) => {
    // The data centre answers -404 to a key that it does not know.
    const frame = Buffer.concat([Buffer.of(10), randomBytes(40)]);
    const beginning = startOf(0xefefefef, dc, undefined, frame);
    expect((await answerTo(beginning)).bytes).toBe(5);
    expect(await answerTo(beginning)).toEqual({ bytes: 0, isClosed: true });
  });
});

/** What the foreign client says first, with this secret. */
async function helloFor(secret: string): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const hello = new Promise<Buffer>((resolve) =>
    server.once('connection', (socket) => {
      socket.on('error', () => {});
      socket.once('data', (chunk: Buffer) => {
        resolve(chunk);
        socket.destroy();
      });
    }),
  );
  const client = await through((server.address() as AddressInfo).port, secret);
  void client.connect().catch(() => {});
  const said = await hello;
  await client.destroy();
  return said;
}

/** 64 bytes as the documentation of Telegram makes them, by hand, and what comes behind them. */
function startOf(
  tag: number,
  dc: number,
  secret = Buffer.from(sandbox.proxySecrets.plain, 'hex'),
  more = Buffer.alloc(0),
): Buffer {
  const start = Buffer.concat([Buffer.of(0x77), randomBytes(63)]);
  start.writeUInt32LE(tag, 56);
  start.writeInt16LE(dc, 60);
  const key = createHash('sha256').update(start.subarray(8, 40)).update(secret).digest();
  const sealed = createCipheriv('aes-256-ctr', key, start.subarray(40, 56)).update(
    Buffer.concat([start, more]),
  );
  return Buffer.concat([start.subarray(0, 56), sealed.subarray(56)]);
}

function changed(hello: Buffer, at: number): Buffer {
  hello[at]! ^= 0x10;
  return hello;
}

/** How many bytes the proxy answers, and whether it closes the connection, before 300 ms pass without either. */
async function answerTo(...parts: Buffer[]): Promise<{ bytes: number; isClosed: boolean }> {
  const socket = connect(sandbox.proxyPort, '127.0.0.1');
  let bytes = 0;
  let isClosed = false;
  const ended = new Promise<void>((resolve) => {
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
    socket.on('close', () => {
      isClosed = true;
      resolve();
    });
    socket.setTimeout(300, resolve);
  });
  for (const part of parts) socket.write(part);
  await ended;
  socket.destroy();
  return { bytes, isClosed };
}
