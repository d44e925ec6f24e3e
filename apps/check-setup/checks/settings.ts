/** Whether the services would take their settings, in the words in which they refuse them. */
import { lookup } from 'node:dns/promises';
import { readdirSync } from 'node:fs';
import { homeOf } from '../../account/settings.ts';
import { fail, ok, type Finding } from '../finding.ts';
import type { Gateway, Setup } from '../setup.ts';

export async function checkSettings({ problems, gateways }: Setup): Promise<readonly Finding[]> {
  const told = [...problems].flatMap(([service, wrong]) => {
    const check = `settings of ${service}`;
    const all = [...wrong, ...gateways.filter(({ name }) => name === service).flatMap(missingFolders)];
    return all.length === 0 ? [ok(check, 'readable')] : all.map((problem) => fail(check, problem));
  });
  return [...told, ...(await Promise.all(gateways.map(whereTo))).flat()];
}

function missingFolders({ config: { MEDIA_ROOT } }: Gateway): string[] {
  if (MEDIA_ROOT === undefined || isReadableFolder(MEDIA_ROOT)) return [];
  return [
    `MEDIA_ROOT takes a folder that this user can read, but ${MEDIA_ROOT} is not one: create it, or leave the setting unset`,
  ];
}

function isReadableFolder(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Which Telegram a gateway speaks to, and whether its session is of there. */
async function whereTo({ name, endpoint, config }: Gateway): Promise<Finding[]> {
  if (!endpoint) return [];
  const check = `Telegram of ${name}`;
  const { realm, dcId, host, port } = endpoint;
  const where = `data centre ${dcId} at ${host}:${port}`;
  if (config.TELEGRAM_DC !== undefined && !(await isOneHost(host, homeOf(config.TELEGRAM_DC).host))) {
    const detail =
      `the session belongs to ${where}, and TELEGRAM_DC ${config.TELEGRAM_DC} does not change that: ` +
      'leave TELEGRAM_DC unset, or sign in again at that address (npm run logout, npm run login)';
    return [fail(check, detail)];
  }
  return [ok(check, realm === 'sandbox' ? `a sandbox, ${where}` : `the real Telegram, ${where}`)];
}

/** Whether both names are of one machine. */
async function isOneHost(one: string, other: string): Promise<boolean> {
  if (one === other) return true;
  const found = await Promise.all([one, other].map((name) => lookup(name).catch(() => undefined)));
  return found[0] !== undefined && found[0].address === found[1]?.address;
}
