/** Who else may read or change what is secret or stored. */
import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { gatewaySettings } from '../../gateway/settings.ts';
import { sessionFile } from '../../gateway/telegram/session-file.ts';
import { readEnvironment, type Environment } from '../../kit/environment.ts';
import { monitorSettings } from '../../monitor/settings.ts';
import { fail, oneOrMore, warn, type Finding } from '../finding.ts';
import { isThisUser, type Setup } from '../setup.ts';

const check = 'rights of files';
const prefixes = ['', 'SEND_TEXT_', 'SEND_MEDIA_', 'MONITOR_'];
/** No right of the group or of others. */
const forOthers = 0o077;
const othersMayWrite = 0o022;

export function checkFiles(setup: Setup): readonly Finding[] {
  const { env, gateways } = setup;
  const sessions = gateways.map(({ name, config }) =>
    sessionFile(config.DATA_DIR, config.TELEGRAM_ACCOUNT, name),
  );
  const secrets = new Set([...sessions, ...secretFiles(env)].map((file) => resolve(file)));
  const folders = new Set(dataDirs(setup).map((folder) => resolve(folder)));
  const troubles = [...[...secrets].flatMap(secretFile), ...[...folders].flatMap(dataDir)];
  return oneOrMore(check, troubles, 'only their owner can read the secrets and write the stored data');
}

/** The folders of stored data, of the gateways and of the monitor. */
export function dataDirs({ gateways, monitor }: Setup): string[] {
  return [...gateways.map(({ config }) => config.DATA_DIR), ...(monitor ? [monitor.DATA_DIR] : [])];
}

/** The names of secrets, with each prefix. */
const secretNames = Object.entries({ ...monitorSettings, ...gatewaySettings(0) })
  .filter(([, setting]) => 'secret' in setting && setting.secret)
  .flatMap(([name]) => prefixes.map((prefix) => `${prefix}${name}`));

/** Every file that a setting NAME_FILE of a secret names, and `.env` where it holds a secret itself. */
function secretFiles(env: Environment): string[] {
  const named = secretNames.flatMap((name) => env[`${name}_FILE`] || []);
  const inEnvFile = readEnvironment('.env', {});
  return secretNames.some((name) => inEnvFile[name]) ? [...named, '.env'] : named;
}

function secretFile(file: string): Finding[] {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile() || (stat.mode & forOthers) === 0) return [];
  const said = `${file} is readable by others (mode ${octal(stat.mode)})`;
  // Whoever put it there, such as an engine of containers, answers for it.
  if (!isThisUser(stat.uid))
    return [warn(check, `${said}, and belongs to another user: its owner should chmod 600 it`)];
  return [fail(check, `${said}: chmod 600 ${file}`)];
}

function dataDir(folder: string): Finding[] {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (!stat) {
    const parent = nearest(folder);
    return mayWrite(parent)
      ? []
      : [fail(check, `DATA_DIR ${folder} cannot be created in ${parent}: set it to a folder of this user`)];
  }
  if (!stat.isDirectory()) return [fail(check, `DATA_DIR ${folder} is not a folder: set it to a folder`)];
  if (!isThisUser(stat.uid)) {
    const said = `DATA_DIR ${folder} belongs to user ${stat.uid}, but this runs as ${process.getuid?.()}`;
    return [
      fail(check, `${said}: run this as the user of the services, and chown -R the folder to that user`),
    ];
  }
  if (!mayWrite(folder)) return [fail(check, `DATA_DIR ${folder} cannot be written: chmod 700 ${folder}`)];
  if ((stat.mode & othersMayWrite) === 0) return [];
  const said = `DATA_DIR ${folder} is writable by others (mode ${octal(stat.mode)})`;
  return [fail(check, `${said}: chmod 700 ${folder}`)];
}

/** The folder itself, or the nearest one above it that is there. */
export function nearest(folder: string): string {
  const path = resolve(folder);
  return statSync(path, { throwIfNoEntry: false }) ? path : nearest(dirname(path));
}

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}
