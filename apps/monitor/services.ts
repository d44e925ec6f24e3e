/** The services that are watched; nothing else can be asked about or acted on. */
import { text, type Setting } from '../kit/config.ts';

export interface WatchedService {
  /** Its name in addresses and for the launcher. */
  readonly name: string;
  /** Its name for people. */
  readonly label: string;
  /** Where its HTTP interface is, without a slash at the end. */
  readonly url: string;
  /** The name of its Docker container; empty where it has none. */
  readonly container: string;
  /** The name of its systemd unit; empty where it has none. */
  readonly unit: string;
  /** The account it sends as, where the settings say so; else it is asked. */
  readonly account: string | null;
}

/** The port a service is reached on. */
export function portOf({ url }: Pick<WatchedService, 'url'>): number {
  const { port, protocol } = new URL(url);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

const mostServices = 50;

/** What an entry of SERVICES may have. No name may be one that every object has. */
const fields = {
  name: text(
    '',
    'lower-case letters, digits and -, such as send-text',
    /^(?!constructor$)[a-z\d][a-z\d-]{0,39}$/,
  ),
  label: text('', 'a name for people of up to 40 characters', /^\S(.{0,38}\S)?$/u),
  url: webAddress('http://127.0.0.1:5022'),
  unit: text(
    '',
    'the name of a systemd service such as vestnik-send-text.service',
    // Its first letter keeps it from being read as an option.
    /^[\w@][\w@.:\\-]*\.service$/,
  ),
  container: text('', 'the name of a Docker container such as vestnik-send-text-1', /^[a-zA-Z\d][\w.-]*$/),
  account: text('', 'a name of letters, digits, - and _, such as main', /^[\w-]{1,32}$/),
};
type Field = keyof typeof fields;
/** No two services may share one of these. */
const ofOneService: readonly Field[] = ['name', 'unit', 'container'];

/** The list of services as JSON: both gateways where nothing is said. */
export const servicesSetting: Setting<readonly WatchedService[]> = {
  takes: `a JSON array of 1 to ${mostServices} objects with ${Object.keys(fields).join(', ')}`,
  fromFile: true,
  fallback: [gateway('text', 5022), gateway('media', 5023)],
  parse: (raw) => {
    const entries = parseArray(raw);
    if (!entries || entries.length === 0 || entries.length > mostServices) return undefined;
    const problems = [...entries.flatMap(problemsOf), ...sharedOf(entries as Partial<WatchedService>[])];
    if (problems.length > 0) throw new Error(problems.join(', '));
    return (entries as (Partial<WatchedService> & { name: string; url: string })[]).map((entry) => ({
      name: entry.name,
      label: entry.label ?? entry.name,
      url: fields.url.parse(entry.url)!,
      container: entry.container ?? '',
      unit: entry.unit ?? '',
      account: entry.account ?? null,
    }));
  },
};

/** An http(s) address without a path; a slash at its end is taken off. */
export function webAddress(fallback: string): Setting<string> {
  return {
    takes: `an http(s) address such as ${fallback}`,
    fallback,
    parse: (raw) =>
      /^https?:\/\/[^/\s@?#]+\/?$/.test(raw) && URL.canParse(raw) ? raw.replace(/\/$/, '') : undefined,
  };
}

function gateway(label: string, port: number): WatchedService {
  const name = `send-${label}`;
  const url = `http://127.0.0.1:${port}`;
  return { name, label, url, container: `vestnik-${name}-1`, unit: `vestnik-${name}.service`, account: null };
}

function parseArray(raw: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(raw);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function problemsOf(entry: unknown, index: number): string[] {
  const which = nameOf(entry, index);
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    return [`${which} takes an object with at least name and url`];
  }
  const given = entry as Record<string, unknown>;
  const unknown = Object.keys(given).filter((key) => !Object.hasOwn(fields, key));
  return [
    ...unknown.map((key) => `${which} has no field ${key}: there are ${Object.keys(fields).join(', ')}`),
    ...(Object.keys(fields) as Field[])
      .filter((field) => field === 'name' || field === 'url' || given[field] !== undefined)
      .filter((field) => typeof given[field] !== 'string' || fields[field].parse(given[field]) === undefined)
      .map((field) => `${field} of ${which} takes ${fields[field].takes}, ${insteadOf(given[field])}`),
  ];
}

function insteadOf(value: unknown): string {
  return value === undefined ? 'and is missing' : `not ${JSON.stringify(value).slice(0, 100)}`;
}

function sharedOf(entries: readonly (Partial<WatchedService> | null)[]): string[] {
  return entries.flatMap((entry, index) =>
    ofOneService.flatMap((field) => {
      const first = entries.findIndex((other) => other?.[field] === entry?.[field]);
      if (entry?.[field] === undefined || first === index) return [];
      return [`${field} of entry ${index + 1} is also that of entry ${first + 1}: each service has its own`];
    }),
  );
}

function nameOf(entry: unknown, index: number): string {
  const { name } = (entry ?? {}) as { name?: unknown };
  return `entry ${index + 1}${typeof name === 'string' ? ` (${name.slice(0, 40)})` : ''}`;
}
