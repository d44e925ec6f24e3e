/** Whether Telegram is configured at all, and which. Half of it counts too: the sandbox never stands in for a mistake. */
import type { Environment } from '../kit/environment.ts';

const names = [
  'TELEGRAM_API_ID',
  'TELEGRAM_API_HASH',
  'TELEGRAM_SESSION',
  'TELEGRAM_DC',
  'TELEGRAM_DC_PUBLIC_KEY',
];
const prefixes = ['', 'SEND_TEXT_', 'SEND_MEDIA_'];

/** Whether any setting that points at a Telegram account or server is there, plain, for one gateway, or as a file. */
export function telegramIsConfigured(env: Environment): boolean {
  return prefixes.some((prefix) =>
    names.some((name) => Boolean(env[`${prefix}${name}`]) || Boolean(env[`${prefix}${name}_FILE`])),
  );
}

/** Where a gateway sends to, in words, by its settings: a key that is not Telegram's own is that of a sandbox. */
export function destinationOf(env: Environment, prefix: 'SEND_TEXT' | 'SEND_MEDIA'): string {
  const setting = (name: string) => env[`${prefix}_${name}`] || env[name];
  const dc = setting('TELEGRAM_DC');
  if (!dc) return 'the real Telegram';
  return setting('TELEGRAM_DC_PUBLIC_KEY_FILE')
    ? `the sandbox at ${dc}, not the real Telegram`
    : `the real Telegram, through its data centre at ${dc}`;
}
