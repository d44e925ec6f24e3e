import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fetchUrl, type FetchRules } from './fetch-url.ts';
import { isPublicAddress } from '../../kit/public-address.ts';
import { serve, serveRaw } from './testing/servers.ts';

const never = new AbortController().signal;
const anywhere: FetchRules = { maxBytes: 1_000_000, isAllowed: () => true };
const impatient = { ...anywhere, limitsMs: { firstByte: 300, stall: 300, whole: 1_500 } };
const publicOnly = { ...anywhere, isAllowed: isPublicAddress };

function get(url: string, rules: FetchRules = anywhere, gone = never) {
  return fetchUrl('media', url, rules, buffer, gone);
}

/** A resolver that knows one address for every name, and counts what it is asked. */
function resolver(...answers: string[]) {
  const asked: string[] = [];
  return {
    asked,
    resolve: (hostname: string) => {
      asked.push(hostname);
      const address = answers[Math.min(asked.length, answers.length) - 1]!;
      return Promise.resolve([{ address, family: address.includes(':') ? 6 : 4 }]);
    },
  };
}

describe('fetchUrl', () => {
  it('fetches byte for byte, and names the file as the server or the URL does', async () => {
    const bytes = randomBytes(300_000);
    const url = await serve((request, response) => {
      if (request.url === '/named')
        response.setHeader('content-disposition', `attachment; filename*=UTF-8''%D0%BE%D1%82.pdf`);
      response.end(bytes);
    });
    expect(await get(`${url}/a/photo%20one.jpg?token=1`)).toMatchObject({
      kept: bytes,
      name: 'photo one.jpg',
    });
    expect(await get(`${url}/named`)).toMatchObject({ name: 'от.pdf' });
    expect(await get(`${url}/`)).toMatchObject({ name: undefined });
    expect((await get(`${url}/a.csv`)).answer).toEqual({
      host: new URL(url).host,
      toldType: undefined,
      names: ['a.csv', undefined],
    });
  });

  it('follows redirects, five at most', async () => {
    const url = await serve((request, response) => {
      const left = Number(request.url!.slice(1));
      if (left === 0) response.end('here');
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    expect((await get(`${url}/5`)).kept.toString()).toBe('here');
    await expect(get(`${url}/6`)).rejects.toMatchObject({
      class: 'media_invalid',
      message: 'media was redirected more than 5 times',
    });
  });

  it('follows a redirect whose address has raw bytes', async () => {
    const asked: string[] = [];
    const url = await serveRaw((socket, request) => {
      const [, path = ''] = request.split(' ');
      asked.push(path);
      if (path !== '/') return socket.end('HTTP/1.1 200 OK\r\n\r\nhere');
      const head = 'HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: ';
      return socket.end(`${head}/файлы/Мой отчёт.pdf?год=2024\r\n\r\n`);
    });
    expect(await get(url)).toMatchObject({ kept: Buffer.from('here'), name: 'Мой отчёт.pdf' });
    expect(asked[1]).toBe(encodeURI('/файлы/Мой отчёт.pdf?год=2024'));
  });

  it.each(['ftp://example.org/a', 'file:///etc/passwd', 'data:text/plain,a', 'example.org/a', '//a/b', ''])(
    'refuses %s, which is no http(s) URL',
    async (url) => {
      await expect(get(url)).rejects.toMatchObject({
        class: 'bad_request',
        message: 'media takes a URL that begins with http:// or https://',
      });
    },
  );

  it('refuses a redirect to what is no http(s) URL', async () => {
    const url = await serve((_, response) =>
      response.writeHead(301, { location: 'file:///etc/passwd' }).end(),
    );
    await expect(get(url)).rejects.toMatchObject({ class: 'media_invalid' });
  });

  it.each([
    'http://127.0.0.1:1/',
    'http://[::1]:1/',
    'http://169.254.169.254/latest/',
    'http://0/',
    'http://[::ffff:a00:1]/',
  ])('refuses %s, whose address is not public, without a connection', async (url) => {
    await expect(get(url, publicOnly)).rejects.toMatchObject({
      class: 'media_invalid',
      message: expect.stringMatching(
        /not on the public internet \(ALLOW_PRIVATE_URLS=true would allow it\)$/,
      ),
    });
  });

  it.each(['10.0.0.7', '127.0.0.1', '169.254.169.254', '::1', 'fe80::1', '64:ff9b::7f00:1'])(
    'refuses a name that leads to %s',
    async (address) => {
      await expect(
        get('http://media.example/a.jpg', { ...publicOnly, resolve: resolver(address).resolve }),
      ).rejects.toMatchObject({
        class: 'media_invalid',
        message: expect.stringContaining(`media.example leads to ${address}`),
      });
    },
  );

  it('refuses localhost, found as the system finds it', async () => {
    await expect(get('http://localhost/', publicOnly)).rejects.toThrow('not on the public internet');
  });

  it('checks the address of every redirect', async () => {
    const inner = await serve((_, response) => response.end('secret'));
    const outer = await serve((_, response) => response.writeHead(302, { location: inner }).end());
    const { port } = new URL(outer);
    const isAllowed = (address: string) => address === '127.0.0.2';
    const { resolve } = resolver('127.0.0.2');
    const url = `http://media.example:${port}/`;
    // 127.0.0.2 stands for a public address here; the server listens on 127.0.0.1 alone.
    await expect(get(url, { ...anywhere, isAllowed, resolve })).rejects.toThrow(
      'the host refuses connections',
    );
    const both = { ...anywhere, resolve: resolver('127.0.0.1').resolve };
    const first = { ...both, isAllowed: onceThenNever() };
    await expect(get(url, first)).rejects.toThrow(
      '127.0.0.1 is an address that is not on the public internet',
    );
    expect((await get(url, both)).kept.toString()).toBe('secret');
  });

  it('connects to the address that it checked, and asks for it only once', async () => {
    const url = await serve((request, response) => response.end(request.headers.host));
    const { port } = new URL(url);
    const changing = resolver('127.0.0.1', '10.0.0.1');
    const checked: string[] = [];
    const isAllowed = (address: string) => checked.push(address) > 0;
    const { kept } = await get(`http://media.example:${port}/`, { ...anywhere, ...changing, isAllowed });
    expect(kept.toString()).toBe(`media.example:${port}`);
    expect(changing.asked).toEqual(['media.example']);
    expect(checked).toEqual(['127.0.0.1']);
  });

  it.each([404, 403, 500, 204, 206, 304])('names the status %i', async (status) => {
    const url = await serve((_, response) => response.writeHead(status).end());
    await expect(get(url)).rejects.toMatchObject({
      class: 'media_invalid',
      message: expect.stringMatching(new RegExp(`^media: 127.0.0.1:\\d+ answered ${status} \\w+`)),
    });
  });

  it('refuses by Content-Length what is larger than allowed, before it comes', async () => {
    const url = await serveRaw((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000001\r\n\r\n'),
    );
    await expect(get(url)).rejects.toMatchObject({
      class: 'too_large',
      message: expect.stringContaining('is larger than 1000000 bytes'),
    });
  });

  it('ends a body that never ends once it is larger than allowed', async () => {
    const url = await serve((_, response) => {
      const write = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', write);
      write();
    });
    await expect(get(url)).rejects.toMatchObject({ class: 'too_large' });
  });

  it.each([
    ['an answer that does not come', () => {}, 'no answer within 0.3 s'],
    [
      'a body that stalls',
      (socket: { write(text: string): void }) =>
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'),
      'no byte for 0.3 s',
    ],
    [
      'headers that never end',
      (socket: { write(text: string): void }) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        setInterval(() => socket.write('a: b\r\n'), 50).unref();
      },
      'no answer within 0.3 s',
    ],
    [
      'a body that drips for ever',
      (socket: { write(text: string): void }) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        setInterval(() => socket.write('.'), 50).unref();
      },
      'took longer than 1.5 s to fetch',
    ],
  ])('gives up on %s', async (_, speak, sentence) => {
    const url = await serveRaw(speak);
    await expect(get(url, impatient)).rejects.toMatchObject({
      class: 'media_invalid',
      message: expect.stringContaining(sentence),
    });
  });

  it.each([
    ['shorter', 'hel', 'the connection was cut before the end of the file'],
    ['longer', 'hello world', 'more bytes came than the Content-Length says'],
  ])('refuses a body that is %s than its Content-Length', async (_, body, sentence) => {
    const url = await serveRaw((socket) => socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n${body}`));
    await expect(get(url)).rejects.toMatchObject({
      class: 'media_invalid',
      message: expect.stringContaining(sentence),
    });
  });

  it.each(['not HTTP at all\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n', ''])(
    'refuses an answer that is no HTTP: %j',
    async (answer) => {
      const url = await serveRaw((socket) => socket.end(answer));
      await expect(get(url)).rejects.toMatchObject({ class: 'media_invalid' });
    },
  );

  const compressions = {
    gzip: gzipSync,
    'X-GZIP': gzipSync,
    deflate: deflateSync,
    br: brotliCompressSync,
    zstd: zstdCompressSync,
  };
  describe.each(Object.entries(compressions))(
    'a body that comes as %s although it asked for none',
    (encoding, compress) => {
      const serveCompressed = (bytes: Buffer, cut?: number) =>
        serve((request, response) => {
          expect(request.headers['accept-encoding']).toBe('identity');
          response.writeHead(200, { 'content-encoding': encoding }).end(compress(bytes).subarray(0, cut));
        });

      it('is taken as it was before', async () => {
        const bytes = randomBytes(300_000);
        expect((await get(await serveCompressed(bytes))).kept.equals(bytes)).toBe(true);
      });

      it('is refused when it is larger than allowed, however little comes', async () => {
        await expect(get(await serveCompressed(Buffer.alloc(20_000_000)))).rejects.toMatchObject({
          class: 'too_large',
          message: expect.stringContaining('is larger than 1000000 bytes'),
        });
      });

      it('is refused when it is cut, or something else', async () => {
        for (const url of [await serveCompressed(randomBytes(9000), 5000), await serveWrong(encoding)])
          await expect(get(url)).rejects.toMatchObject({
            class: 'media_invalid',
            message: expect.stringMatching(
              /^media cannot be fetched from 127.0.0.1:\d+: (the compressed file is cut|what it sends is not)/,
            ),
          });
      });
    },
  );

  it.each([
    ['/backup.tar.gz', 'application/x-tar', 'x-gzip', undefined],
    ['/download', 'application/gzip', 'gzip', undefined],
    ['/download', 'application/octet-stream', 'gzip', 'attachment; filename="backup.tgz"'],
    ['/drawing.svgz', 'image/svg+xml', 'gzip', undefined],
    ['/backup.tar.bz2', 'application/x-bzip2', 'x-bzip2', undefined],
  ])(
    'takes %s of %s as it is, whose Content-Encoding is the file itself',
    async (path, type, encoding, named) => {
      const bytes = gzipSync('a tar');
      const url = await serve((_, response) => {
        if (named !== undefined) response.setHeader('content-disposition', named);
        response.writeHead(200, { 'content-type': type, 'content-encoding': encoding }).end(bytes);
      });
      expect((await get(`${url}${path}`)).kept.equals(bytes)).toBe(true);
    },
  );

  it('repeats of what a server or a URL says no more than its beginning', async () => {
    const url = await serveRaw((socket) => socket.end(`HTTP/1.1 500 ${'x'.repeat(5000)}\r\n\r\n`));
    for (const address of [url, `http://${'a'.repeat(5000)}.invalid/`])
      await expect(get(address)).rejects.toMatchObject({ message: expect.stringMatching(/^media.{1,200}$/) });
  });

  it('refuses a body in an encoding that it does not know', async () => {
    const url = await serveWrong('constructor');
    await expect(get(url)).rejects.toThrow('in a Content-Encoding other than gzip, deflate, br, zstd');
  });

  it('says what is wrong with a host that is not there', async () => {
    const unknown = () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
    await expect(
      get('http://nowhere.example/?token=secret', { ...anywhere, resolve: unknown }),
    ).rejects.toMatchObject({
      message: 'media cannot be fetched from nowhere.example: there is no such host',
    });
  });

  it('gives up on a name server that does not answer', async () => {
    const rules = { ...anywhere, limitsMs: { connect: 100 }, resolve: () => new Promise<never>(() => {}) };
    await expect(get('http://nowhere.example/', rules)).rejects.toThrow('no connection within 0.1 s');
  });

  it('stops when its caller is gone', async () => {
    const caller = new AbortController();
    let isCut: Promise<unknown> | undefined;
    const url = await serve((request, response) => {
      isCut = new Promise((resolve) => request.socket.once('close', resolve));
      response.write('begin');
      setTimeout(() => caller.abort(), 20);
    });
    await expect(get(url, anywhere, caller.signal)).rejects.toThrow();
    await isCut;
  });
});

/** Sends text that is in no encoding, and says otherwise. */
function serveWrong(encoding: string) {
  return serve((_, response) =>
    response.writeHead(200, { 'content-encoding': encoding }).end('not compressed at all'),
  );
}

/** Allows an address once, as if it had changed its meaning in between. */
function onceThenNever() {
  let isFirst = true;
  return () => {
    const allowed = isFirst;
    isFirst = false;
    return allowed;
  };
}
