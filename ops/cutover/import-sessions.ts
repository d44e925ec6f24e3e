/** Makes sessions of the gateways out of copies of the old ones. Nothing here speaks to Telegram. */
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { newUnits, sides, type Side } from './arguments.ts';
import { sessionBackup } from './backup.ts';
import type { Cutover } from './cutover.ts';

/** Begins anew where it was cut off. @throws Error when a session is not taken */
export async function importSessions(cutover: Cutover): Promise<void> {
  const { host, places, say, installed } = cutover;
  removeImported(cutover);
  mkdirSync(places.staged, { recursive: true, mode: 0o711 });
  try {
    for (const side of sides) {
      // The gateways' user reads it, and may not read the backups.
      const staged = join(places.staged, `${side}.session`);
      const owner = ['-o', 'vestnik', '-g', 'vestnik', '-m', '0400'];
      await host.run('install', [...owner, sessionBackup(cutover, side), staged]);
      for (const line of (await importSession(cutover, side, staged)).trim().split('\n')) say(`  ${line}`);
      const made = installed().sessions[side];
      if (!existsSync(made)) throw new Error(`the import left no session in ${made}`);
    }
  } finally {
    rmSync(places.staged, { recursive: true, force: true });
  }
}

/** Takes away what was imported; the peers that came along stay, they hurt nobody. */
export function removeImported({ installed, places }: Cutover): void {
  const { sessions } = installed();
  for (const side of sides) rmSync(sessions[side], { force: true });
  const folder = dirname(sessions.text);
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  rmSync(places.staged, { recursive: true, force: true });
}

async function importSession({ host, units, say }: Cutover, side: Side, file: string): Promise<string> {
  const start = await units.property(newUnits[side], 'ExecStart');
  const node = /path=(\S+)/.exec(start)?.[1];
  if (!node) throw new Error(`${newUnits[side]} has no ExecStart`);
  const program = join(dirname(node), 'vestnik-account');
  const args = ['import-session', file, '--as', `send-${side}`];
  say(`  $ ${program} ${args.join(' ')}`);
  return host.run(program, args);
}
