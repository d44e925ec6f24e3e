/** Serves the files of the folder FOLDER over HTTP on loopback until it is told to stop. */
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';

const folder = process.env.FOLDER!;
const server = createServer((request, response) => {
  const path = join(folder, basename(request.url!));
  response.setHeader('content-length', statSync(path).size);
  createReadStream(path, { highWaterMark: 1 << 20 }).pipe(response);
}).listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ msg: 'listening', port: (server.address() as AddressInfo).port }));
});
process.on('SIGTERM', () => process.exit(0));
