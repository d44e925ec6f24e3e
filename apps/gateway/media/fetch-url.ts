/**
 * Fetches what a caller's URL names. Nobody is trusted: neither the URL (it may point into our own network, at once or
 * by a redirect), nor the server (it may answer slowly, for ever, or with more or less than it announces).
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { Problem } from '../../kit/errors.ts';
import { version } from '../../kit/version.ts';
import { contentEncodings, decodeContent } from '../../kit/bodies/content-encoding.ts';
import { shortened } from '../../kit/shorten.ts';
import { explained } from './fetch-errors.ts';
import { limited } from './limited.ts';
import { mediaTypeOf } from './document-type.ts';
import { nameInDisposition, nameInUrl } from './names.ts';
import { isPackedItself } from './packed.ts';
import {
  checkedLookup,
  checkLiteral,
  resolveBySystem,
  type IsAllowed,
  type Resolve,
} from '../../kit/public-address.ts';

export interface FetchRules {
  readonly maxBytes: number;
  /** Which addresses a URL may lead to, asked of each one that is found. */
  readonly isAllowed: IsAllowed;
  readonly resolve?: Resolve;
  /** Certificates trusted in place of the system's, as PEM. */
  readonly ca?: string;
  readonly limitsMs?: Partial<typeof defaultLimitsMs>;
}

/** `connect` includes finding the address; `firstByte` and `stall` are silences; `whole` is of all redirects together. */
const defaultLimitsMs = { connect: 10_000, firstByte: 30_000, stall: 30_000, whole: 900_000 };
const maxRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);

/** What a fetch is to end in: the place for its bytes, such as the spool. */
export type Keep<T> = (body: Readable) => Promise<T>;

export interface Fetched<T> {
  readonly kept: T;
  readonly name: string | undefined;
  readonly answer: Answer;
}

/** What a server says of a file. */
export interface Answer {
  readonly host: string;
  /** Its Content-Type, in lower case and without parameters. */
  readonly toldType: string | undefined;
  /** What the URL that was asked for and the server call it. */
  readonly names: readonly (string | undefined)[];
}

/**
 * Fetches `address` into `keep`. Errors name `field`, and of the URL only its host, for the rest may be a secret.
 * @throws Problem bad_request when it is no http(s) URL; media_invalid, too_large; what `keep` fails with
 */
export async function fetchUrl<T>(
  field: string,
  address: string,
  rules: FetchRules,
  keep: Keep<T>,
  gone: AbortSignal,
): Promise<Fetched<T>> {
  const limitsMs = { ...defaultLimitsMs, ...rules.limitsMs };
  const whole = AbortSignal.timeout(limitsMs.whole);
  const signal = AbortSignal.any([whole, gone]);
  const asked = parse(field, address, undefined);
  let url = asked;
  try {
    for (let hop = 0; hop <= maxRedirects; hop++) {
      const response = await ask(url, rules, limitsMs, signal);
      const { location } = response.headers;
      if (redirects.has(response.statusCode!) && location !== undefined) {
        response.destroy();
        url = parse(field, escaped(location), url);
        continue;
      }
      const toldType = mediaTypeOf(response.headers['content-type']);
      const given = nameInDisposition(response);
      const name = given ?? nameInUrl(url, toldType);
      const body = readBody(field, { url, name, toldType, response }, rules.maxBytes, limitsMs.stall);
      const answer = { host: url.host, toldType, names: [nameInUrl(asked), given] };
      return { kept: await keep(body), name, answer };
    }
    throw new Problem('media_invalid', `${field} was redirected more than ${maxRedirects} times`);
  } catch (error) {
    if (error instanceof Problem) throw error;
    if (whole.aborted) {
      const detail = `${field} took longer than ${limitsMs.whole / 1000} s to fetch from ${shortened(url.host)}`;
      throw new Problem('media_invalid', detail, { cause: error });
    }
    throw explained(field, url, error as NodeJS.ErrnoException);
  }
}

function parse(field: string, address: string, base: URL | undefined): URL {
  const url = URL.parse(address, base);
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  if (base) {
    throw new Problem(
      'media_invalid',
      `${field}: ${shortened(base.host)} redirects to what is no http or https URL`,
    );
  }
  throw new Problem('bad_request', `${field} takes a URL that begins with http:// or https://`);
}

/** Bytes above ASCII, which Node reads as Latin-1, as the escapes that they are meant as. */
function escaped(location: string): string {
  return location.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** One request on a connection of its own; the response once its headers are there. */
function ask(
  url: URL,
  { isAllowed, resolve = resolveBySystem, ca }: FetchRules,
  limitsMs: typeof defaultLimitsMs,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((done, fail) => {
    checkLiteral(url, isAllowed);
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      agent: false,
      signal,
      lookup: checkedLookup(resolve, isAllowed),
      ...(ca !== undefined && { ca }),
      headers: { 'user-agent': `vestnik/${version}`, accept: '*/*', 'accept-encoding': 'identity' },
    });
    const late = (what: string, ms: number) =>
      setTimeout(() => request.destroy(new Error(`${what} within ${ms / 1000} s`)), ms);
    let timer = late('no connection', limitsMs.connect);
    request.once('socket', (socket) =>
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        clearTimeout(timer);
        timer = late('no answer', limitsMs.firstByte);
      }),
    );
    request.once('response', (response) => {
      clearTimeout(timer);
      // A body with more bytes than announced shows as an error of the request.
      request.on('error', (error) => response.destroy(error));
      done(response);
    });
    request.once('error', (error) => {
      clearTimeout(timer);
      fail(error);
    });
    request.end();
  });
}

interface Responded {
  readonly url: URL;
  readonly name: string | undefined;
  readonly toldType: string | undefined;
  readonly response: IncomingMessage;
}

/** The body of a good answer. @throws Problem for any other */
function readBody(
  field: string,
  { url, name, toldType, response }: Responded,
  maxBytes: number,
  stallMs: number,
): Readable {
  const { statusCode, statusMessage = '', headers } = response;
  const host = shortened(url.host);
  const tooLarge = () =>
    new Problem('too_large', `${field}: the file at ${host} is larger than ${maxBytes} bytes`);
  const problem =
    statusCode !== 200
      ? new Problem(
          'media_invalid',
          `${field}: ${host} answered ${statusCode} ${shortened(statusMessage)}`.trim(),
        )
      : Number(headers['content-length'] ?? 0) > maxBytes
        ? tooLarge()
        : undefined;
  if (problem) {
    response.destroy();
    throw problem;
  }
  // Bounded on both sides: little may become much, and much may become nothing.
  const encoding = headers['content-encoding'];
  const isItself = isPackedItself(encoding, name, toldType);
  const body = decodeContent(limited(response, maxBytes, tooLarge), isItself ? undefined : encoding);
  if (!body) {
    response.destroy();
    const detail = `${field}: ${host} sends the file in a Content-Encoding other than ${contentEncodings.join(', ')}`;
    throw new Problem('media_invalid', detail);
  }
  const stalled = () => response.destroy(new Error(`no byte for ${stallMs / 1000} s`));
  let timer = setTimeout(stalled, stallMs);
  response.once('close', () => clearTimeout(timer));
  response.on('data', () => {
    clearTimeout(timer);
    timer = setTimeout(stalled, stallMs);
  });
  return limited(body, maxBytes, tooLarge);
}
