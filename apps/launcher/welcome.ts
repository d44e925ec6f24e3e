/** What `npm start` prints once everything is up: addresses to open, and commands that work as printed. */
import { join } from 'node:path';
import type { Environment } from '../kit/environment.ts';
import { destinationOf } from './credentials.ts';
import type { Plan } from './plan.ts';

/** A chat that the sandbox knows from the start. */
const sandboxChat = -1003833950795;

export interface WelcomeDeps {
  readonly plan: Plan;
  readonly env: Environment;
  readonly seconds: number;
  /** The dashboard's user and password, where the monitor has just made one. */
  readonly madePassword: { readonly user: string; readonly password: string } | undefined;
}

/** The summary, ready to print. */
export function welcome({ plan, env, seconds, madePassword }: WelcomeDeps): string {
  const { urls } = plan;
  const user = madePassword?.user ?? (env.MONITOR_USER || 'admin');
  const telegram = plan.sandbox ? 'Telegram is simulated here: nothing leaves this machine.' : goingTo(env);
  const lines = [
    `Vestnik is up (${seconds.toFixed(1)} s). ${telegram}`,
    '',
    `  Dashboard  ${urls.monitor}  user ${user}, ${passwordHint(plan, env, madePassword?.password)}`,
    ...(plan.sandbox ? [`  Inbox      ${urls.inbox}  shows what the simulated Telegram received`] : []),
    '',
    'Send a text:',
    '',
    `  ${textLine(plan, env)}`,
    '',
    'Send a photo:',
    '',
    `  ${photoLine(plan, env)}`,
    '',
    ...(plan.sandbox ? [] : ['These write to your own Saved Messages.', '']),
    'Ctrl-C stops everything. Every log line: npm start -- --verbose',
  ];
  return ['', ...lines, ''].join('\n');
}

function goingTo(env: Environment): string {
  const [texts, media] = [destinationOf(env, 'SEND_TEXT'), destinationOf(env, 'SEND_MEDIA')];
  return texts === media ? `Messages go to ${texts}.` : `Texts go to ${texts}; media go to ${media}.`;
}

function passwordHint({ dataDir }: Plan, env: Environment, made: string | undefined): string {
  if (made !== undefined) return `password ${made}  (shown only once)`;
  if (env.MONITOR_PASSWORD_HASH || env.MONITOR_PASSWORD_HASH_FILE)
    return 'the password of MONITOR_PASSWORD_HASH';
  const file = join(env.MONITOR_DATA_DIR || dataDir, 'monitor/password-hash');
  return `the password printed at the first start (if lost: remove ${file} and start again)`;
}

function textLine({ sandbox, urls }: Plan, env: Environment): string {
  const target = sandbox ? `"chat_id":${sandboxChat}` : '"chat_id":"me"';
  const json = `'{${target},"text":"Hello from Vestnik"}'`;
  return `curl -s ${urls.text}/send_text${token(env)} -H 'Content-Type: application/json' -d ${json}`;
}

function photoLine({ sandbox, urls }: Plan, env: Environment): string {
  const target = sandbox ? `chat_id=${sandboxChat}` : 'chat_id=me';
  return `curl -s ${urls.media}/send_media${token(env)} -F ${target} -F file=@ops/samples/photo.jpg -F caption='A photo from Vestnik'`;
}

/** With tokens configured a caller needs one of them; which, only the operator knows. */
function token(env: Environment): string {
  const names = ['API_TOKENS', 'SEND_TEXT_API_TOKENS', 'SEND_MEDIA_API_TOKENS'];
  const needed = names.some((name) => env[name] || env[`${name}_FILE`]);
  return needed ? ` -H "Authorization: Bearer $TOKEN"` : '';
}
