/** Settings from the environment and `.env`, checked whole: every problem is told at once. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { hostsSetting } from '../kit/guard.ts';

const port = z.coerce
  .number('takes a port, such as 4430')
  .int('takes a port')
  .min(0, 'takes a port')
  .max(65_535, 'takes a port up to 65535');

const schema = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  ALLOWED_HOSTS: z
    .string()
    .transform((raw) => hostsSetting.parse(raw))
    .refine((hosts) => hosts !== undefined, `takes ${hostsSetting.takes}`)
    .default([]),
  PORT: port.default(4430),
  SECOND_PORT: port.optional(),
  DC1_PORT: port.optional(),
  MEDIA_PORT: port.optional(),
  PROXY_PORT: port.optional(),
  HTTP_PORT: port.default(4431),
  SIGN_IN: z.enum(['auto', 'required'], 'takes auto or required').default('auto'),
  DATA_DIR: z.string().min(1).default('./data'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'takes a level such as info')
    .default('info'),
});

/** The settings of the process, as main.ts needs them. */
export interface ProcessSettings {
  host: string;
  allowedHosts: readonly string[];
  port: number;
  secondPort: number | undefined;
  dc1Port: number | undefined;
  mediaPort: number | undefined;
  proxyPort: number | undefined;
  httpPort: number;
  signIn: 'auto' | 'required';
  dataDir: string;
  logLevel: string;
}

/** Ports are the sandbox's own, so their plain names would be those of a gateway. */
const prefixedOnly = new Set([
  'PORT',
  'SECOND_PORT',
  'DC1_PORT',
  'MEDIA_PORT',
  'PROXY_PORT',
  'HTTP_PORT',
  'SIGN_IN',
]);

/** Reads the settings; throws an Error of one line that names every wrong one, its value, and what it takes. */
export function readSettings(environment: NodeJS.ProcessEnv, folder = process.cwd()): ProcessSettings {
  const all = { ...fileSettings(join(folder, '.env')), ...environment };
  const given = Object.fromEntries(
    Object.keys(schema.shape).map((name) => [name, all[settingIn(all, name)] || undefined]),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => {
      const name = String(path[0]);
      return `${settingIn(all, name)}=${given[name]} ${message}`;
    });
    throw new Error(`wrong settings: ${problems.join('; ')}`);
  }
  const { data } = parsed;
  return {
    host: data.HOST,
    allowedHosts: data.ALLOWED_HOSTS ?? [],
    port: data.PORT,
    secondPort: data.SECOND_PORT,
    dc1Port: data.DC1_PORT,
    mediaPort: data.MEDIA_PORT,
    proxyPort: data.PROXY_PORT,
    httpPort: data.HTTP_PORT,
    signIn: data.SIGN_IN,
    dataDir: join(data.DATA_DIR, 'sandbox'),
    logLevel: data.LOG_LEVEL,
  };
}

function settingIn(all: NodeJS.ProcessEnv, name: string): string {
  const prefixed = `SANDBOX_${name}`;
  return prefixedOnly.has(name) || all[prefixed] ? prefixed : name;
}

function fileSettings(file: string): NodeJS.ProcessEnv {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}
