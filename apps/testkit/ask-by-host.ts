/** Requests under any name: fetch sets Host by itself. */
import { request } from 'node:http';

/** The status that a GET of `url` is answered with where it names this Host. */
export function statusByHost(
  url: string,
  host: string,
  headers: Record<string, string> = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { ...headers, host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode!);
    });
    asked.on('error', reject).end();
  });
}
