/** What ops/install.sh put on this machine and an operator filled in, as the gateways read it. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { readAccountSettings, type AccountSettings } from '../../apps/account/settings.ts';
import { gatewaySettings } from '../../apps/gateway/settings.ts';
import { sessionFile } from '../../apps/gateway/telegram/session-file.ts';
import { readConfig } from '../../apps/kit/config.ts';
import { sides, type Side } from './arguments.ts';

/** Where things are; a test has folders of its own. */
export interface Places {
  /** Journal, log and backups of the cutover. */
  readonly state: string;
  readonly settings: string;
  readonly units: string;
  /** DATA_DIR of both gateways. */
  readonly data: string;
  /** Where sessions lie for a moment, for the gateways' user to read. */
  readonly staged: string;
}

export const realPlaces: Places = {
  state: '/var/lib/vestnik-cutover',
  settings: '/etc/vestnik',
  units: '/etc/systemd/system',
  data: '/var/lib/vestnik',
  staged: '/run/vestnik-cutover',
};

const defaultPorts = { text: 5022, media: 5023 };

export interface Installed {
  readonly account: AccountSettings;
  /** Of each gateway, on this machine. */
  readonly urls: Readonly<Record<Side, string>>;
  readonly ports: Readonly<Record<Side, number>>;
  /** Where each gateway finds its session. */
  readonly sessions: Readonly<Record<Side, string>>;
  /** A file that holds a session already, and would be used instead. */
  readonly otherSession: string | undefined;
  readonly asksForTokens: boolean;
  /** A web server whose Date is trusted. */
  readonly clockReference: string;
}

/** @throws ConfigError naming every setting that is wrong */
export function readInstalled(places: Places): Installed {
  const credential = (name: string) => join(places.settings, 'credentials', name);
  const env = {
    TELEGRAM_API_HASH_FILE: credential('telegram-api-hash'),
    TELEGRAM_PROXY_FILE: credential('telegram-proxy'),
    API_TOKENS_FILE: credential('api-tokens'),
    ...parseEnv(readFileSync(join(places.settings, 'gateways.env'), 'utf8')),
    DATA_DIR: places.data,
  };
  const account = readAccountSettings(env);
  const perSide = <T>(of: (side: Side) => T) => ({ text: of('text'), media: of('media') });
  const configs = perSide((side) => {
    const { HOST, PORT, API_TOKENS } = gatewaySettings(defaultPorts[side]);
    return readConfig({ HOST, PORT, API_TOKENS }, env, `SEND_${side.toUpperCase()}`);
  });
  const ports = perSide((side) => configs[side].PORT);
  const sessions = perSide((side) => sessionFile(places.data, account.accountName, `send-${side}`));
  const others = sides.map((side) => credential(`send-${side}-session`));
  return {
    account,
    ports,
    sessions,
    urls: perSide((side) => `http://${hostOf(configs[side].HOST)}:${ports[side]}`),
    otherSession: [...Object.values(sessions), ...others].find(hasContent),
    asksForTokens: sides.some((side) => configs[side].API_TOKENS.length > 0),
    clockReference: 'https://telegram.org',
  };
}

/** An address of all is reached by loopback. */
function hostOf(address: string): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1';
  return address.includes(':') ? `[${address}]` : address;
}

function hasContent(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
