/** Whether something listens on a port, and which process it is where Linux says. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { isLoopback } from '../../kit/guard.ts';
import { reason, type Reason } from '../../kit/reason.ts';
import { refusedBy } from '../health/gateway.ts';
import type { PortEvidence } from './evidence.ts';

const connectMs = 2_000;
const mostProcesses = 5_000;

/** `reason` says why nothing is reached. */
export type Probed = PortEvidence & { readonly reason: Reason | null };

/** Never throws. */
export async function probePort(host: string, port: number): Promise<Probed> {
  const why = await whyNotOpen(host, port);
  const owner = why === null && isLoopback(host) ? await ownerOf(port).catch(() => null) : null;
  return { port, isListening: why === null, owner, reason: why };
}

function whyNotOpen(host: string, port: number): Promise<Reason | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (why: Reason | null) => {
      socket.destroy();
      resolve(why);
    };
    socket.setTimeout(connectMs, () => done(reason('no_answer_in', { limit_s: connectMs / 1000 })));
    socket.once('connect', () => done(null));
    socket.once('error', (error: NodeJS.ErrnoException) => done(reasonOfRefusal(error)));
  });
}

function reasonOfRefusal({ code, message }: NodeJS.ErrnoException): Reason {
  return code === undefined ? reason('no_answer_because', { reason: message }) : refusedBy(code);
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
