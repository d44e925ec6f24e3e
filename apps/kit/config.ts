/**
 * Settings: each process declares a table of them, and the whole table is checked at once. A wrong value never
 * turns into the default; all problems are reported together, each with the form that the setting takes.
 */
import { readFileSync } from 'node:fs';
import { shortened } from './shorten.ts';
import type { Environment } from './environment.ts';

/**
 * One setting. `parse` answers undefined for a value of the wrong form, or throws an Error that names the part which is
 * wrong and what that takes; an unset one takes `fallback`.
 */
export interface Setting<T> {
  /** The form it takes, to complete "PORT takes …", with an example. */
  readonly takes: string;
  readonly fallback: T;
  readonly parse: (raw: string) => T | undefined;
  /** A secret may also come from the file named by `NAME_FILE`, and its value is never shown. */
  readonly secret?: boolean;
  /** As a secret, it may come from the file named by `NAME_FILE`. */
  readonly fromFile?: boolean;
}

export type Settings = Readonly<Record<string, Setting<unknown>>>;
export type Config<S extends Settings> = Readonly<{
  [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
}>;

/** Some settings are wrong; `problems` has one sentence for each, `message` all of them in one line. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`${problems.length === 1 ? 'a setting is' : 'settings are'} wrong: ${problems.join('; ')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * Reads every setting of the table, `PREFIX_NAME` before `NAME`.
 * @throws ConfigError naming every setting that is wrong
 */
export function readConfig<S extends Settings>(settings: S, env: Environment, prefix: string): Config<S> {
  const problems: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings)) {
    try {
      config[name] = readSetting(name, setting, env, prefix);
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config) as Config<S>;
}

function readSetting(name: string, setting: Setting<unknown>, env: Environment, prefix: string): unknown {
  for (const key of [`${prefix}_${name}`, name]) {
    const raw = setting.secret || setting.fromFile ? valueOrFile(key, env) : env[key];
    if (raw === undefined || raw === '') continue;
    const value = parsed(key, setting, raw);
    if (value !== undefined) return value;
    throw new Error(
      `${key} takes ${setting.takes}${setting.secret ? '' : `, not ${JSON.stringify(shortened(raw))}`}`,
    );
  }
  return setting.fallback;
}

function parsed(key: string, setting: Setting<unknown>, raw: string): unknown {
  try {
    return setting.parse(raw);
  } catch (error) {
    throw new Error(`${key}: ${(error as Error).message}`, { cause: error });
  }
}

function valueOrFile(key: string, env: Environment): string | undefined {
  const file = env[`${key}_FILE`];
  if (env[key] || !file) return env[key];
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Error(
      `${key}_FILE takes the path of a readable file (${(error as NodeJS.ErrnoException).code})`,
      {
        cause: error,
      },
    );
  }
}

/** A text; `takes` says which. */
export function text<T extends string | undefined>(
  fallback: T,
  takes: string,
  pattern = /^.+$/s,
): Setting<string | T> {
  return { takes, fallback, parse: (raw) => (pattern.test(raw) ? raw : undefined) };
}

/** A text that is never shown and may be kept in a file named by `NAME_FILE`. */
export function secret(takes: string, pattern = /^.+$/s): Setting<string | undefined> {
  return { ...text(undefined, takes, pattern), secret: true };
}

/** A decimal number from `min` to `max`; `takes` names its unit. */
export function number(fallback: number, min: number, max: number, takes: string): Setting<number> {
  return {
    takes: `${takes} from ${min} to ${max}`,
    fallback,
    parse: (raw) => {
      const value = /^\d+(\.\d+)?$/.test(raw) ? Number(raw) : NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

/** A whole number from `min` to `max`. */
export function integer(fallback: number, min: number, max: number, takes: string): Setting<number> {
  const any = number(fallback, min, max, takes);
  return { ...any, parse: (raw) => (/^\d+$/.test(raw) ? any.parse(raw) : undefined) };
}

/** A TCP port; 0 lets the system choose one. */
export function port(fallback: number): Setting<number> {
  return integer(fallback, 0, 65_535, 'a port');
}

/** One word of a closed list, in any case. */
export function oneOf<const T extends string>(words: readonly T[], fallback: T): Setting<T> {
  return {
    takes: `one of ${words.join(', ')}`,
    fallback,
    parse: (raw) => words.find((word) => word.toLowerCase() === raw.toLowerCase()),
  };
}

/** `true` or `false`, in any case. */
export function flag(fallback: boolean): Setting<boolean> {
  return {
    takes: 'true or false',
    fallback,
    parse: (raw) => ({ true: true, false: false })[raw.toLowerCase()],
  };
}

/** Words separated by commas; `item` checks one and answers undefined when it is wrong. */
export function list<T>(takes: string, item: (raw: string) => T | undefined): Setting<readonly T[]> {
  return {
    takes,
    fallback: [],
    parse: (raw) => {
      const items = raw.split(',').map((part) => item(part.trim()));
      return items.every((value) => value !== undefined) ? items : undefined;
    },
  };
}
