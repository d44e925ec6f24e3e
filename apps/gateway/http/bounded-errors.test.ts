/** An error repeats little of what it is about, whatever field, header or address that came in. */
import { createHash } from 'node:crypto';
import { request as rawRequest } from 'node:http';
import { json } from 'node:stream/consumers';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { demoChat, startStack } from '../../testkit/stack.ts';
import { shared } from '../../testkit/when-done.ts';
import { commonFields } from './fields.ts';
import { optionFields } from './options.ts';

const most = { repeated: 100, detail: 700, body: 2_000 };

/** Long, and told from the words of an error by its digits. */
const word = fc
  .tuple(fc.integer({ min: 150, max: 4_000 }), fc.nat())
  .map(([outputLength, seed]) => createHash('shake256', { outputLength }).update(`${seed}`).digest('hex'));
/** Of each kind of thing that some field takes. */
const value = word.chain((long) =>
  fc.constantFrom<unknown>(
    ...[
      long,
      `@${long}`,
      `+7${long}`,
      `t.me/${long}`,
      `https://t.me/c/${long}`,
      `tg://resolve?domain=${long}`,
    ],
    ...[`<${long}`, `<${long}>`, `</${long}>`, `<b>a</${long}>`, `*${long}`, `[a](${long}`, `&#${long};`],
    ...[`https://${long}/`, `https://a.example/${long}`, `ftp://${long}`, `../${long}`, `/${long}`],
    ...[`\0\u202e${long}\ud83d\ude42`, `"${long}"`, `{"${long}":1}`, `[{"media":"${long}"}]`],
    ...[[long, long], { [long]: long }, [{ [long]: 1 }, { [long]: 2 }], BigInt(`0x${long}`).toString()],
  ),
);

/** How a value may come to a gateway, given the fields it has. */
function shotsOf(gateway: 'text' | 'media') {
  const own = gateway === 'text' ? { text: 'a' } : { base64: 'aGVsbG8=' };
  const sound: Record<string, unknown> = { chat_id: demoChat, wait: 0, ...own };
  const media = [
    'media',
    'path',
    'base64',
    'file',
    'kind',
    'filename',
    'mime_type',
    'thumbnail',
    'album',
    'caption',
  ];
  const names = [
    ...Object.keys(commonFields),
    ...Object.keys(optionFields),
    ...(gateway === 'text' ? ['text', 'message', 'split'] : media),
  ];
  const type = { 'content-type': 'application/json' };
  const asJson = (body: unknown) => ({
    method: 'POST',
    path: '/send',
    headers: type,
    body: JSON.stringify(body),
  });
  const asText = (body: string, headers: Record<string, string> = {}) => ({
    method: 'POST',
    path: '/send',
    headers: { ...type, ...headers },
    body,
  });
  const plain = (given: unknown) =>
    (typeof given === 'string' ? given : JSON.stringify(given)).toWellFormed();
  const escaped = (given: unknown) => encodeURIComponent(plain(given));
  const header = (given: unknown) =>
    plain(given)
      .replace(/[^\x20-\x7e]/g, '')
      .slice(0, 3_000);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  return fc.tuple(fc.constantFrom(...names), value, fc.nat(15)).map(([name, given, way]) => {
    switch (way) {
      case 0:
        return asJson({ ...sound, [plain(given)]: 1, [`${plain(given)}2`]: 2 });
      case 1:
        return asText(plain(given));
      case 2:
        return asText(`{"${escaped(given)}":1,"${escaped(given)}":2}`);
      case 3:
        return asText(`${escaped(given)}=1&${escaped(given)}=2&${name}=${escaped(given)}`, form);
      case 4:
        return asText('{}', { 'content-type': header(given) });
      case 5:
        return asText('{}', { 'content-type': `application/json; charset=${header(given)}` });
      case 6:
        return asText('{}', { 'content-encoding': header(given) });
      case 7:
        return asText('{}', { host: header(given) });
      case 8:
        return asText('{}', { 'idempotency-key': header(given) });
      case 9:
        return { method: 'GET', path: `/messages/${escaped(given).slice(0, 6_000)}`, headers: {}, body: '' };
      case 10:
        return {
          method: 'GET',
          path: `/messages?${name}=${escaped(given).slice(0, 6_000)}`,
          headers: {},
          body: '',
        };
      case 11:
        return asText(
          `--B\r\nContent-Disposition: form-data; name="${header(given).replaceAll('"', '')}"; filename="a"\r\n\r\nx\r\n--B--\r\n`,
          { 'content-type': 'multipart/form-data; boundary=B' },
        );
      default:
        return asJson({ ...sound, parse_mode: 'html', [name]: given });
    }
  });
}

describe.each(['text', 'media'] as const)('an error of the %s gateway', (gateway) => {
  let stack: Awaited<ReturnType<typeof startStack>>;
  beforeAll(shared(async (whenDone) => void (stack = await startStack(gateway, {}, whenDone))));

  it(
    `repeats at most ${most.repeated} characters of what was sent, and is short`,
    { timeout: 120_000 },
    async () => {
      const { port } = new URL(stack.gateway.url);
      const ask = ({ body, ...how }: { method: string; path: string; headers: object; body: string }) =>
        new Promise<[number, Record<string, unknown>]>((resolve, reject) => {
          const headers = { ...how.headers } as Record<string, string>;
          const sent = rawRequest({ ...how, headers, host: '127.0.0.1', port, timeout: 20_000 }, (answer) => {
            json(answer).then(
              (told) => resolve([answer.statusCode!, told as Record<string, unknown>]),
              reject,
            );
          });
          sent.once('error', reject).end(body);
        });
      await fc.assert(
        fc.asyncProperty(shotsOf(gateway), async (shot) => {
          const [status, told] = await ask(shot);
          if (status < 400) return;
          const detail = String(told.detail);
          expect(detail).not.toMatch(/[\p{Cc}\u202e\ufffd]/u);
          expect(detail.length).toBeLessThanOrEqual(most.detail);
          expect(JSON.stringify(told).length).toBeLessThanOrEqual(most.body);
          const repeated = detail.match(/[\da-f]{20,}/gi)?.join('') ?? '';
          expect(repeated.length).toBeLessThanOrEqual(most.repeated);
        }),
        { numRuns: 600 },
      );
    },
  );
});
