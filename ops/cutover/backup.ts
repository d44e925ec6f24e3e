/** A dated copy of what the old services are made of: scripts, units, settings, sessions. */
import { cpSync, existsSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { sides } from './arguments.ts';
import type { Cutover } from './cutover.ts';
import { copySession } from './session-copy.ts';

/** The folder of this cutover's backup. */
export function backupFolder({ places, journal }: Cutover): string {
  return join(places.state, `backup-${journal.state.id}`);
}

/** The backed up session of one side. */
export function sessionBackup(cutover: Cutover, side: 'text' | 'media'): string {
  return join(backupFolder(cutover), 'sessions', `${side}.session`);
}

/** Copies all of it; files keep their whole path below `files`. @throws Error when something cannot be read */
export async function backUp(cutover: Cutover): Promise<void> {
  const { options, say } = cutover;
  const folder = backupFolder(cutover);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'sessions'), { recursive: true, mode: 0o700 });
  const files = new Set<string>(options.also);
  for (const unit of Object.values(options.oldUnits))
    for (const file of await filesOf(cutover, unit)) files.add(file);
  for (const session of Object.values(options.sessions)) files.delete(session);
  for (const file of files) {
    const to = join(folder, 'files', file);
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    cpSync(file, to, { recursive: true, preserveTimestamps: true, dereference: true });
    say(`  copied ${file}`);
  }
  for (const side of sides) {
    await copySession(options.sessions[side], sessionBackup(cutover, side));
    say(`  copied ${options.sessions[side]}`);
  }
  say(`  all of it is in ${folder}`);
}

/** The unit, what is dropped in beside it, its files of settings, and the scripts it runs. */
async function filesOf({ units }: Cutover, unit: string): Promise<string[]> {
  const [fragment, dropIns, environment, start, folder] = await Promise.all(
    ['FragmentPath', 'DropInPaths', 'EnvironmentFiles', 'ExecStart', 'WorkingDirectory'].map((name) =>
      units.property(unit, name),
    ),
  );
  const settings = environment!.replaceAll(/ \(ignore_errors=\w+\)/g, '');
  const words = /argv\[\]=(.*?) ;/.exec(start!)?.[1]?.split(' ') ?? [];
  const scripts = words
    .filter((word) => isAbsolute(word) || /\.\w+$/.test(word))
    .map((word) => resolve(folder || '/', word))
    .filter((path) => !/^\/((usr\/)?(bin|sbin|lib|lib64)|dev|proc|sys)\//.test(path) && isFile(path))
    .filter((path) => !isProgram(path));
  const others = [fragment!, ...dropIns!.split(' '), ...settings.split('\n')];
  return [...others, ...scripts].filter((path) => path !== '' && existsSync(path));
}

function isFile(path: string): boolean {
  return existsSync(path) && lstatSync(path).isFile();
}

/** An interpreter of a virtual environment, which is no script. */
function isProgram(path: string): boolean {
  return /^(python|node)[\d.]*$/.test(basename(path));
}
