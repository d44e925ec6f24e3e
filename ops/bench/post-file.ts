/**
 * POSTs one file to the media gateway and waits until it is accepted, in a process of its own. Arguments: the gateway's
 * URL, the chat, `multipart`, `url` or `path`, and what the file is known by there. Prints one line of JSON.
 */
import { createReadStream, statSync } from 'node:fs';
import { request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Posted } from './upload-figures.ts';

const [gateway, chat, source, file] = process.argv.slice(2) as [string, string, string, string];
const boundary = 'vestnik-bench';

const startedAt = performance.now();
const answer = source === 'multipart' ? await postMultipart() : await postJson();
const { id } = JSON.parse(answer) as { id?: string };
if (id === undefined) throw new Error(`not accepted: ${answer}`);
console.log(JSON.stringify({ id, seconds: (performance.now() - startedAt) / 1000 } satisfies Posted));
process.exit(0);

async function postJson(): Promise<string> {
  const body = { chat_id: chat, wait: 0, kind: 'document', [source === 'url' ? 'media' : 'path']: file };
  return post('application/json', (req) => {
    req.end(JSON.stringify(body));
    return Promise.resolve();
  });
}

async function postMultipart(): Promise<string> {
  const field = (name: string, value: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const fields = field('chat_id', chat) + field('wait', '0') + field('kind', 'document');
  const head =
    `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="file.bin"\r\n` +
    'content-type: application/octet-stream\r\n\r\n';
  const tail = `\r\n--${boundary}--\r\n`;
  const length = fields.length + head.length + statSync(file).size + tail.length;
  const type = `multipart/form-data; boundary=${boundary}`;
  return post(type, async (req) => {
    req.setHeader('content-length', length);
    req.write(fields + head);
    await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), req, { end: false });
    req.end(tail);
  });
}

type Write = (req: ReturnType<typeof request>) => Promise<void>;

async function post(type: string, write: Write): Promise<string> {
  const req = request(`${gateway}/send_media`, { method: 'POST', headers: { 'content-type': type } });
  const [, [response]] = (await Promise.all([write(req), once(req, 'response')])) as [
    void,
    [IncomingMessage],
  ];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk as string;
  return text;
}
