/** Whether something listens on a port, and which process it is where Linux says. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { isLoopback } from '../../kit/guard.ts';
import type { PortEvidence } from './evidence.ts';

const connectMs = 2_000;
const mostProcesses = 5_000;

/** Never throws. `reason` says why nothing is reached. */
export async function probePort(host: string, port: number): Promise<PortEvidence & { reason: string }> {
  const reason = await whyNotOpen(host, port);
  const owner = reason === '' && isLoopback(host) ? await ownerOf(port).catch(() => null) : null;
  return { port, isListening: reason === '', owner, reason };
}

function whyNotOpen(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (why: string) => {
      socket.destroy();
      resolve(why);
    };
    socket.setTimeout(connectMs, () => done(`no answer in ${connectMs / 1000} s`));
    socket.once('connect', () => done(''));
    socket.once('error', (error: NodeJS.ErrnoException) => done(sentenceOf(error)));
  });
}

function sentenceOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ECONNREFUSED') return 'connection refused';
  return code === undefined ? `no answer: ${message}` : `no answer (${code})`;
}

/** The process that listens on a port of this machine; null where it belongs to another user. */
async function ownerOf(port: number): Promise<PortEvidence['owner']> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const inodes = new Set(
    tables.flatMap((table) => listeningInodes(table, port)).map((inode) => `socket:[${inode}]`),
  );
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).slice(0, mostProcesses);
  for (const pid of pids) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const links = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
    if (!links.some((link) => inodes.has(link))) continue;
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    return { pid: Number(pid), name: name.trim() };
  }
  return null;
}

/** The inodes of the sockets that listen on a port, from a table such as /proc/net/tcp. */
export function listeningInodes(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return table.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    return fields[1]?.endsWith(`:${wanted}`) && fields[3] === '0A' ? [fields[9]!] : [];
  });
}
