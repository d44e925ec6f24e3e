/** The Unix socket on which the launcher listens: for this user alone, and only one launcher for a data folder. */
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type Koa from 'koa';
import { StartError } from '../kit/run.ts';

/** Linux takes 108 bytes with the closing zero, macOS 104. */
const longestPath = 103;

/** Where the socket of a data folder is: in it, or where its path is too long, in the user's folder for what runs, or the temporary one. */
export function socketPathFor(dataDir: string, platform: NodeJS.Platform = process.platform): string {
  const id = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  if (platform === 'win32') return `\\\\.\\pipe\\vestnik-${id}`;
  const path = join(dataDir, 'launcher.sock');
  if (Buffer.byteLength(path) <= longestPath) return path;
  const { XDG_RUNTIME_DIR: own } = process.env;
  return join(own && existsSync(own) ? own : tmpdir(), `vestnik-${userInfo().uid}-${id}`, 'launcher.sock');
}

/**
 * Listens on the socket; answers how to close it, which takes the file away too.
 * @throws StartError when another launcher listens there
 */
export async function listenOnSocket(app: Koa, path: string): Promise<() => Promise<void>> {
  const isFile = process.platform !== 'win32';
  if (isFile) prepareFolder(dirname(path));
  if (await answers(path)) throw new StartError(`another npm start already uses this data folder (${path})`);
  if (isFile) {
    rmSync(path, { force: true }); // Left behind by a launcher that was killed.
  }
  const handle = app.callback();
  const server = createServer((request, response) => void handle(request, response));
  // The socket is made with its mode, so that there is no moment in which others could connect.
  const umask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(new StartError(`cannot listen on ${path}: ${error.message}`)));
      server.listen(path, resolve);
      process.umask(umask); // listen() has made the file before it returns.
    });
  } finally {
    process.umask(umask);
  }
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}

/**
 * Makes the folder of the socket. Among temporary files another user may have made it beforehand, and would answer in the
 * launcher's place.
 */
function prepareFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!basename(folder).startsWith(`vestnik-${userInfo().uid}-`)) return; // DATA_DIR itself.
  const stat = lstatSync(folder);
  if (stat.isDirectory() && stat.uid === userInfo().uid && (stat.mode & 0o077) === 0) return;
  throw new StartError(`the folder of the socket, ${folder}, is not private to this user: remove it`);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(true) === undefined && socket.destroy());
    socket.once('error', () => resolve(false));
  });
}
