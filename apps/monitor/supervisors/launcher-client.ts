/** Requests to the launcher of `npm start` over its Unix socket. */
import { request, type Agent } from 'node:http';
import { Problem } from '../../kit/errors.ts';
import { stringAt } from '../health/fields.ts';

/**
 * What it answers; `agent` keeps a connection for whoever asks often.
 * @throws Problem unavailable when it does not answer in time, or with its own words when it refuses
 */
export function askLauncher(
  socketPath: string,
  method: string,
  path: string,
  withinMs: number,
  agent: Agent | false = false,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const unavailable = (why: string) =>
      reject(new Problem('unavailable', `npm start does not answer on its socket: ${why}`));
    const signal = AbortSignal.timeout(withinMs);
    const asked = request({ socketPath, method, path, agent, signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', (error) => unavailable(error.message));
      response.once('end', () => {
        const body = parse(Buffer.concat(chunks).toString('utf8'));
        if (response.statusCode === 200) resolve(body);
        else reject(new Problem('unavailable', stringAt(body, 'detail') ?? 'no reason'));
      });
    });
    asked.once('error', (error) => unavailable(signal.aborted ? `nothing in ${withinMs} ms` : error.message));
    asked.end();
  });
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
