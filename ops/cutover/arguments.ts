/** What an operator says on the command line. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export type Side = 'text' | 'media';
export const sides = ['text', 'media'] as const;

/** Our units, the only ones beside the two old ones that are ever started or stopped. */
export const newUnits: Readonly<Record<Side, string>> = {
  text: 'vestnik-send-text.service',
  media: 'vestnik-send-media.service',
};

/** What a cutover goes by, from its begin to its end. */
export interface CutoverOptions {
  readonly oldUnits: Readonly<Record<Side, string>>;
  /** Session files of the old services. */
  readonly sessions: Readonly<Record<Side, string>>;
  /** Files and folders to back up beside those that the old units name. */
  readonly also: readonly string[];
  /** Holds a token with the scopes send and read, where the gateways ask for one. */
  readonly tokenFile: string | undefined;
  readonly pauseS: number;
  readonly watchS: number;
}

export interface Arguments {
  /** Undefined when none of it was said: to go on with what was begun. */
  readonly options: CutoverOptions | undefined;
  readonly isDryRun: boolean;
  readonly goesBack: boolean;
  readonly wantsHelp: boolean;
}

export const usage = `usage: npm run cutover -- --old-text UNIT --old-media UNIT --text-session FILE --media-session FILE
                          [--also PATH]... [--token-file FILE] [--pause SECONDS] [--watch SECONDS] [--dry-run]
       npm run cutover             goes on with what was interrupted
       npm run cutover -- --back   puts the old services back, also after all is done

  --old-text, --old-media          the units of the old services, for example tg-send-text.service
  --text-session, --media-session  their session files
  --also       one more file or folder to back up
  --token-file a file with an API token of the scopes send and read, where API_TOKENS is set
  --pause      between the starts of the account's two services, 30 to 60 (45)
  --watch      how long errors are watched at the end, 10 to 3600 (300)
  --dry-run    checks, prints the plan, and changes nothing
`;

/** @throws Error naming the argument and what it takes */
export function readArguments(args: readonly string[]): Arguments {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      'old-text': text,
      'old-media': text,
      'text-session': text,
      'media-session': text,
      also: { type: 'string', multiple: true, default: [] },
      'token-file': text,
      pause: { type: 'string', default: '45' },
      watch: { type: 'string', default: '300' },
      'dry-run': flag,
      back: flag,
      help: { ...flag, short: 'h' },
    },
  });
  const named = ['old-text', 'old-media', 'text-session', 'media-session'] as const;
  const missing = named.filter((name) => values[name] === undefined);
  const flags = { isDryRun: values['dry-run'], goesBack: values.back, wantsHelp: values.help };
  if (missing.length === named.length) return { ...flags, options: undefined };
  if (missing.length > 0) throw new Error(`missing: ${missing.map((name) => `--${name}`).join(', ')}`);
  if (flags.goesBack) throw new Error('--back takes no other arguments: it goes by those of the begin');
  const oldUnits = {
    text: unitName('--old-text', values['old-text']!),
    media: unitName('--old-media', values['old-media']!),
  };
  if (oldUnits.text === oldUnits.media)
    throw new Error('--old-text and --old-media take two different units');
  const sessions = { text: resolve(values['text-session']!), media: resolve(values['media-session']!) };
  if (sessions.text === sessions.media) {
    throw new Error(
      '--text-session and --media-session take two files: each gateway has a session of its own',
    );
  }
  return {
    ...flags,
    options: {
      oldUnits,
      sessions,
      also: values.also.map((path) => resolve(path)),
      tokenFile: values['token-file'] === undefined ? undefined : resolve(values['token-file']),
      pauseS: seconds('--pause', values.pause, 30, 60),
      watchS: seconds('--watch', values.watch, 10, 3600),
    },
  };
}

function unitName(argument: string, value: string): string {
  const name = value.includes('.') ? value : `${value}.service`;
  if (!/^[\w@:.\\][\w@:.\\-]*\.service$/.test(name))
    throw new Error(
      `${argument} takes the name of a service, for example tg-send-text.service, not ${value}`,
    );
  if (name.startsWith('vestnik-'))
    throw new Error(`${argument} takes the unit of an old service, not ${name}`);
  return name;
}

function seconds(argument: string, value: string, min: number, max: number): number {
  const number = /^\d+$/.test(value) ? Number(value) : NaN;
  if (number >= min && number <= max) return number;
  throw new Error(`${argument} takes whole seconds from ${min} to ${max}, not ${value}`);
}
