/** Requests to a monitor, signed in unless other headers are given. */
import { password, user } from './stand-ins.ts';

/** The header of Basic authentication. */
export function basic(given = password): string {
  return `Basic ${btoa(`${user}:${given}`)}`;
}

export function getFrom(
  url: string,
  path: string,
  headers: Record<string, string> = { authorization: basic() },
): Promise<Response> {
  return fetch(url + path, { headers });
}

/** A POST of JSON, or without a body. */
export function postTo(
  url: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    headers: { authorization: basic(), 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
}
