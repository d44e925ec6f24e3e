/** Bytes over a socket as no HTTP client writes them, and many connections that say little. */
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** How long a request that is not answered may wait for more, until this side ends. */
const patienceMs = 500;

/** Writes all of it, and reads until the other side closes; what came, also where the connection was cut. */
export async function exchange(port: number, bytes: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.setTimeout(20_000, () => socket.destroy(new Error('no answer and no end within 20 s')));
  let came = '';
  socket.setEncoding('latin1').on('data', (part: string) => (came += part));
  await new Promise<void>((resolve, reject) => {
    const enough = setTimeout(() => socket.end(), patienceMs);
    socket.once('end', () => socket.destroy());
    socket.once('close', () => {
      clearTimeout(enough);
      resolve();
    });
    socket.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve() : reject(error),
    );
    socket.write(bytes, 'latin1');
  });
  return came;
}

/** The statuses of all answers in what came. */
export function statusesIn(answers: string): number[] {
  return [...answers.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));
}

/** The names of those requests that got another answer than a 4xx or the end of the connection, with their statuses. */
export async function notRefused(
  port: number,
  requests: readonly (readonly [string, string])[],
): Promise<unknown[]> {
  const answers = await Promise.all(
    requests.map(async ([name, bytes]) => [name, statusesIn(await exchange(port, bytes))] as const),
  );
  return answers.filter(([, statuses]) => statuses.some((status) => status < 400 || status >= 500));
}

/** So many connections that write the beginning of a request, or nothing, and stay until the test is over. */
export async function crowd(port: number, count: number, beginning = ''): Promise<void> {
  const sockets: Socket[] = [];
  onTestFinished(() => sockets.forEach((socket) => void socket.destroy()));
  const open = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () =>
        beginning ? socket.write(beginning, () => resolve()) : resolve(),
      );
      sockets.push(socket.once('error', reject));
    });
  for (let opened = 0; opened < count; opened += 50)
    await Promise.all(Array.from({ length: Math.min(50, count - opened) }, open));
}

/** A request that a service would carry out, to be bent. */
export interface SoundRequest {
  readonly path: string;
  readonly host: string;
  /** Further lines of the head, such as `Authorization: …`. */
  readonly more?: readonly string[];
  /** JSON. */
  readonly body: string;
}

/** By name: the request, made malformed or smuggling another one. Each is to be refused, or the connection closed. */
export function malformedRequests(sound: SoundRequest): readonly (readonly [string, string])[] {
  const { path, host, body, more = [] } = sound;
  const always = [`Host: ${host}`, 'Content-Type: application/json', ...more];
  const length = `Content-Length: ${body.length}`;
  const line = `POST ${path} HTTP/1.1`;
  const of = (lines: readonly string[], rest = body, first = line, end = '\r\n') =>
    [first, ...always, ...lines, '', rest].join(end);
  const chunked = 'Transfer-Encoding: chunked';
  const chunk = (size: string, end = '\r\n') => `${size}${end}${body}${end}0${end}${end}`;
  const size = body.length.toString(16);
  const inner = of([length, 'Connection: close']);
  const one = (header: string) => of([header, length]);
  return [
    ['two lengths that differ', of([length, 'Content-Length: 2'])],
    ['two lengths that are the same', of([length, length])],
    ['a list of lengths', of([`${length}, ${body.length}`])],
    ['a negative length', of(['Content-Length: -1'])],
    ['a length with a plus', of([`Content-Length: +${body.length}`])],
    ['a hexadecimal length', of([`Content-Length: 0x${size}`])],
    ['a length with a space in it', of(['Content-Length: 1 0'])],
    ['a length beyond 64 bits', of(['Content-Length: 18446744073709551617'])],
    ['a length that the body does not reach', of([`Content-Length: ${body.length + 10}`])],
    ['a length and chunks', of([length, chunked], chunk(size))],
    ['chunks and a length', of([chunked, 'Content-Length: 5'], `0\r\n\r\n${inner}`)],
    ['a length of nothing and chunks', of(['Content-Length: 0', chunked], chunk(size))],
    ['chunks twice', of([chunked, chunked, length], chunk(size))],
    ['chunks that are not the last coding', of(['Transfer-Encoding: chunked, identity', length])],
    ['a coding that nobody knows', of(['Transfer-Encoding: xchunked', length])],
    ['a coding with a control character', of(['Transfer-Encoding: \x0bchunked', length], chunk(size))],
    ['a space before the colon of a coding', of(['Transfer-Encoding : chunked', length], chunk(size))],
    ['a folded coding', of(['Transfer-Encoding:\r\n chunked', length], chunk(size))],
    ['a folded header', one('X-A: one\r\n two')],
    ['bare line feeds', of([length], body, line, '\n')],
    ['a bare carriage return', one('X-A: one\rX-B: two')],
    ['NUL in a value', one('X-A: one\0two')],
    ['NUL in a name', one('X\0A: one')],
    ['a space in a name', one('X A: one')],
    ['a tab before the colon', one('X-A\t: one')],
    ['a header without a name', one(': one')],
    ['a header without a colon', one('one')],
    ['a first header with a space before it', of([length], body, `${line}\r\n X-A: one`)],
    ['a chunk without a size', of([chunked], chunk(''))],
    ['a chunk whose size is no number', of([chunked], chunk('xyz'))],
    ['a chunk of a negative size', of([chunked], chunk('-1'))],
    ['a chunk size with 0x', of([chunked], chunk(`0x${size}`))],
    ['a chunk size beyond 64 bits', of([chunked], chunk(`1${'0'.repeat(16)}${size}`))],
    ['a chunk longer than it says', of([chunked], chunk('2'))],
    ['a chunk shorter than it says', of([chunked], chunk((body.length + 20).toString(16)))],
    ['chunks that end in bare line feeds', of([chunked], chunk(size, '\n'))],
    ['chunks that do not end', of([chunked], `${size}\r\n${body}\r\n`)],
    ['a chunk extension of 100 KB', of([chunked], chunk(`${size};a=${'x'.repeat(100_000)}`))],
    ['a header of 100 KB', one(`X-A: ${'x'.repeat(100_000)}`)],
    ['3,000 headers', of([...Array.from({ length: 3_000 }, (_, index) => `X-${index}: 1`), length])],
    ['an address of 100 KB', of([length], body, `POST ${path}?${'x'.repeat(100_000)} HTTP/1.1`)],
    ['a method in small letters', of([length], body, `post ${path} HTTP/1.1`)],
    ['a method that nobody knows', of([length], body, `SEND ${path} HTTP/1.1`)],
    ['a first line without a version', `POST ${path}\r\n\r\n${body}`],
    ['a version that does not exist', of([length], body, `POST ${path} HTTP/9.9`)],
    ['another protocol', of([length], body, `POST ${path} ICE/1.1`)],
    ['a control character in the address', of([length], body, `POST ${path}\x01 HTTP/1.1`)],
    ['the preface of HTTP/2', `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${inner}`],
    ['the whole address of another host', of([length], body, `POST http://evil.example${path} HTTP/1.1`)],
    ['an address without its slash', of([length], body, `POST ${path.slice(1)} HTTP/1.1`)],
    ['the address *', of([length], body, 'POST * HTTP/1.1')],
    ['CONNECT', of([], inner, `CONNECT ${host} HTTP/1.1`)],
    ['an expectation that nobody knows', one('Expect: a-miracle')],
    ['two Hosts', one('Host: evil.example')],
    ['no Host', `${line}\r\nContent-Type: application/json\r\n${length}\r\n\r\n${body}`],
    ['a TLS greeting', `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03${'\x00'.repeat(200)}`],
    ['a SOCKS greeting', '\x05\x01\x00'],
    [
      'bytes of anything',
      Array.from({ length: 500 }, (_, index) => String.fromCharCode((index * 37) % 256)).join(''),
    ],
    ['nothing but line ends', '\r\n'.repeat(1_000)],
  ];
}
