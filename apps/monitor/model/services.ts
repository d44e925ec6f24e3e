/** The services that are watched; nothing else can be asked about or acted on. */
import { z } from 'zod';
import type { Setting } from '../../kit/config.ts';
import type { Reason } from '../../kit/reason.ts';

export interface WatchedService {
  /** Its name in addresses and for the launcher. */
  readonly name: string;
  /** Its name for people. */
  readonly label: string;
  /** Where its HTTP interface is, without a slash at the end. */
  readonly url: string;
  /** By what supervisors know it, such as `{unit: 'vestnik-send-text.service'}`; a field that is missing has none. */
  readonly handles: Readonly<Partial<Record<string, string>>>;
  /** The account it sends as, where the settings say so; else it is asked. */
  readonly account: string | null;
}

/** A field of SERVICES by which a supervisor knows a service. */
export interface Handle {
  readonly field: string;
  readonly takes: string;
  readonly pattern: RegExp;
  /** What the gateway of that name has where SERVICES is not set. */
  readonly ofGateway: (name: string) => string;
  /** Why a service without it is only watched. */
  readonly none: Reason;
}

/** The port a service is reached on. */
export function portOf({ url }: Pick<WatchedService, 'url'>): number {
  const { port, protocol } = new URL(url);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

const mostServices = 50;

/** The list of services as JSON: both gateways where nothing is said. */
export function servicesSetting(handles: readonly Handle[]): Setting<readonly WatchedService[]> {
  const entry = entrySchema(handles);
  const names = Object.keys(entry.shape);
  const entries = z.array(z.unknown()).min(1).max(mostServices);
  return {
    takes: `a JSON array of 1 to ${mostServices} objects with ${names.join(', ')}`,
    fromFile: true,
    fallback: [gateway('text', 5022, handles), gateway('media', 5023, handles)],
    parse: (raw) => {
      const given = entries.safeParse(parsed(raw)).data;
      if (!given) return undefined;
      const read = z.array(entry).safeParse(given);
      const unique = ['name', ...handles.map(({ field }) => field)];
      const problems = [
        ...(read.error?.issues.flatMap((issue) => problemOf(issue, given, names)) ?? []),
        ...sharedOf(given, unique),
      ];
      if (!read.success || problems.length > 0) throw new Error(problems.join(', '));
      return read.data.map(({ name, label = name, url, account = null, ...known }) => {
        return { name, label, url: address.parse(url)!, account, handles: known };
      });
    },
  };
}

const address = webAddress('http://127.0.0.1:5022');

/** What an entry of SERVICES may have. No name may be one that every object has. */
const entryFields = {
  name: word(
    'lower-case letters, digits and -, such as send-text',
    /^(?!constructor$)[a-z\d][a-z\d-]{0,39}$/,
  ),
  label: word('a name for people of up to 40 characters', /^\S(.{0,38}\S)?$/u).optional(),
  url: z.string(address.takes).refine((given) => address.parse(given) !== undefined, address.takes),
  account: word('a name of letters, digits, - and _, such as main', /^[\w-]{1,32}$/).optional(),
};

function entrySchema(handles: readonly Handle[]) {
  const words = handles.map(({ field, takes, pattern }) => [field, word(takes, pattern).optional()]);
  const fields = { ...entryFields, ...(Object.fromEntries(words) as object) };
  return z.strictObject(fields, 'an object with at least name and url');
}

function word(takes: string, pattern: RegExp) {
  return z.string(takes).regex(pattern, takes);
}

/** An http(s) address without a path; a slash at its end is taken off. */
export function webAddress(fallback: string): Setting<string> {
  return {
    takes: `an http(s) address such as ${fallback}`,
    fallback,
    parse: (raw) =>
      /^https?:\/\/[^/\s@?#]+\/?$/.test(raw) && URL.canParse(raw) ? raw.replace(/\/$/, '') : undefined,
  };
}

function gateway(label: string, port: number, all: readonly Handle[]): WatchedService {
  const name = `send-${label}`;
  const handles = Object.fromEntries(all.map(({ field, ofGateway }) => [field, ofGateway(name)]));
  return { name, label, url: `http://127.0.0.1:${port}`, account: null, handles };
}

function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

function problemOf(issue: z.core.$ZodIssue, entries: readonly unknown[], names: readonly string[]): string[] {
  const [index, field] = issue.path as [number, string?];
  const entry = nameOf(entries[index], index);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${entry} has no field ${key}: there are ${names.join(', ')}`);
  if (field === undefined) return [`${entry} takes ${issue.message}`];
  const value = (entries[index] as Record<string, unknown>)[field];
  const instead = value === undefined ? 'and is missing' : `not ${JSON.stringify(value).slice(0, 100)}`;
  return [`${field} of ${entry} takes ${issue.message}, ${instead}`];
}

function sharedOf(entries: readonly unknown[], unique: readonly string[]): string[] {
  const valueOf = (entry: unknown, field: string) => (entry as Record<string, unknown> | null)?.[field];
  return entries.flatMap((entry, index) =>
    unique.flatMap((field) => {
      const value = valueOf(entry, field);
      const first = entries.findIndex((other) => valueOf(other, field) === value);
      if (value === undefined || first === index) return [];
      return [`${field} of entry ${index + 1} is also that of entry ${first + 1}: each service has its own`];
    }),
  );
}

function nameOf(entry: unknown, index: number): string {
  const { name } = (entry ?? {}) as { name?: unknown };
  return `entry ${index + 1}${typeof name === 'string' ? ` (${name.slice(0, 40)})` : ''}`;
}
