/**
 * The ceiling of files: the bare client library calling upload.saveBigFilePart with parts read from a file as they are
 * needed, some at a time, in a process of its own. Arguments: port, file of the server's public key, file, parts at a
 * time. Prints one line of JSON.
 */
import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { Api } from 'telegram/tl/index.js';
import bigInt from 'big-integer';
import { connectBare } from './bare-link.ts';
import { cpuSeconds } from './process-figures.ts';
import type { BareUpload } from './upload-figures.ts';

const [port, keyFile, path, partsAtATime] = process.argv.slice(2) as [string, string, string, string];
const partBytes = 512 * 1024;

const sender = await connectBare(Number(port), keyFile);
const call = (query: Api.AnyRequest) => sender.send(new Api.InvokeWithoutUpdates({ query }));
await call(new Api.users.GetUsers({ id: [new Api.InputUserSelf()] }));

const file = await open(path, 'r');
const { size } = await file.stat();
const fileTotalParts = Math.ceil(size / partBytes);
const fileId = bigInt(randomBytes(8).readBigInt64LE().toString());
const cpuBefore = cpuSeconds(process.pid);
const startedAt = performance.now();
let next = 0;
const lane = async () => {
  const buffer = Buffer.allocUnsafe(partBytes);
  while (next < fileTotalParts) {
    const filePart = next++;
    const { bytesRead } = await file.read(buffer, 0, partBytes, filePart * partBytes);
    const bytes = buffer.subarray(0, bytesRead);
    await call(new Api.upload.SaveBigFilePart({ fileId, filePart, fileTotalParts, bytes }));
  }
};
await Promise.all(Array.from({ length: Number(partsAtATime) }, lane));
const seconds = (performance.now() - startedAt) / 1000;
const cpu = cpuSeconds(process.pid) - cpuBefore;
console.log(JSON.stringify({ bytes: size, seconds, cpuSeconds: cpu } satisfies BareUpload));
process.exit(0);
