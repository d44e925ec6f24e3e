/** The arguments of npm run import-session. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { recipients, type ImportOptions } from './import-session.ts';
import { isSessionString } from './session-source.ts';

const usage =
  'npm run import-session -- FILE [--as send-text|send-media|both]: FILE is the .session file of a Telethon service, ' +
  'or a file with a session string, or - to type or pipe the string';

/** A relative path is one from `folder`: npm runs its scripts in the project's. @throws Error that says how it is used */
export function importArguments(
  args: string[],
  folder = process.env.INIT_CWD ?? process.cwd(),
): ImportOptions {
  const { positionals, values } = parse(args);
  const [from, ...more] = positionals;
  const recipient = recipients.find((each) => each === (values.as ?? 'both'));
  if (from === undefined || more.length > 0 || recipient === undefined) throw new Error(usage);
  return { from: from === '-' || isSessionString(from) ? from : resolve(folder, from), recipient };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { as: { type: 'string' } } });
  } catch (error) {
    throw new Error(`${(error as Error).message}; ${usage}`, { cause: error });
  }
}
