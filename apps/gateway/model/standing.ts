/**
 * How an account may stand with Telegram, as a closed set: each in words of its own, and with what the operator can do
 * now. /health, /stats, the metrics, the log and, by these sentences, the dashboard tell it.
 */
import type { Freeze } from './telegram-limits.ts';
import type { Unreachable } from './why-unreached.ts';

export const standings = [
  'ready',
  /** A connection is being made, and none has failed yet. */
  'connecting',
  'unreachable',
  /** The proxy on the way lets nothing through. */
  'proxy_failed',
  /** Telegram asked to wait before the account may connect. */
  'held',
  /** A server denied the session; it is being asked for again. */
  'unconfirmed',
  /** The account may read and not send. */
  'frozen',
  'revoked',
  /** Several connections confirmed that Telegram does not know the session. */
  'session_lost',
  /** Two programs used the session's key at once. */
  'used_twice',
  'deactivated',
  'banned',
  'never_signed_in',
  /** The stored data is of another Telegram user. */
  'other_account',
  'closed',
] as const;
export type StandingName = (typeof standings)[number];

/** What is put into the words; times are ISO 8601. */
export type StandingValues = Readonly<Record<string, string>>;

export interface Standing {
  readonly state: StandingName;
  /** What happened, in one sentence. */
  readonly text: string;
  /** What the operator can do now; undefined where that is nothing. */
  readonly advice: string | undefined;
  readonly values: StandingValues;
}

const signIn = 'sign in again with npm run login, then restart this service';
const anotherAccount = 'or sign another account in with npm run login';

/** Where Telegram's error alone says it. */
const byError = {
  unconfirmed: [
    'Telegram says that it does not know the session',
    'wait up to 5 minutes, it is asked again over new connections, and what waits is kept',
  ],
  revoked: ['Telegram ended the session', `look in Telegram's list of devices for who ended it, ${signIn}`],
  session_lost: [
    'Telegram does not know the session any more, several connections confirmed it',
    `look in Telegram's list of devices for who ended it, ${signIn}`,
  ],
  used_twice: [
    'Two programs used the session at once, and Telegram ended it',
    `stop the other program, ${signIn}`,
  ],
  deactivated: [
    'The Telegram account is deleted or deactivated',
    `ask https://telegram.org/support, ${anotherAccount}`,
  ],
  banned: [
    'Telegram banned the account',
    `write its phone number to recover@telegram.org, ${anotherAccount}`,
  ],
  never_signed_in: ['Nobody has signed in with this session', `${signIn.replace(' again', '')}`],
} as const;

/** `error` is Telegram's name for it, such as SESSION_REVOKED, or -404. */
export function standingByError(state: keyof typeof byError, error: string): Standing {
  const [text, advice] = byError[state];
  return { state, text: `${text} (${error})`, advice, values: { error } };
}

/** Since when the account is frozen, how long yet, and where to appeal, as far as Telegram has said. */
export function standingOfFreeze(freeze: Freeze | undefined): Standing {
  const appeal = freeze?.appealUrl ?? 'https://t.me/spambot';
  const values = {
    ...(freeze && { since: new Date(freeze.since).toISOString() }),
    ...(freeze?.until && { until: new Date(freeze.until).toISOString() }),
    appeal,
  };
  const since = values.since ? ` on ${values.since.slice(0, 10)}` : '';
  const until = values.until ? ` by ${values.until.slice(0, 10)}, when Telegram deletes it` : '';
  return {
    ...{ state: 'frozen', values },
    text: `Telegram froze the account${since}, it may read and not send`,
    advice: `appeal at ${appeal}, signed in as this account${until}`,
  };
}

const unreachable: Readonly<Record<Unreachable['cause'], readonly [text: string, advice: string]>> = {
  refused: [
    'refuses the connection',
    'look at the firewall of this machine, and at TELEGRAM_DC if it is set',
  ],
  timeout: ['does not answer', "look at this machine's network and firewall"],
  name_not_found: ['cannot be found by its name', "look at TELEGRAM_DC and at this machine's DNS"],
  no_route: ['cannot be reached from this network', "look at this machine's network and routes"],
  cut: ['cuts the connection', 'look for a firewall or a filter on the way, and at TELEGRAM_DC if it is set'],
  transport: [
    'refuses us with an error of the transport',
    'wait, it is asked again with pauses, and each restart adds a connection',
  ],
  other: ['cannot be connected to', 'read the log of this service for the error'],
};

export function standingOfUnreachable({ cause, error, address }: Unreachable): Standing {
  const [text, advice] = unreachable[cause];
  return {
    ...{ state: 'unreachable', advice, values: { cause, error, address } },
    text: `${address} ${text} (${error})`,
  };
}

/** Telegram's wait, by its name, which ends at `until` (milliseconds since the epoch). */
export function standingOfWait(error: string, until: number): Standing {
  return {
    ...{ state: 'held', values: { error, until: new Date(until).toISOString() } },
    text: `Telegram asked to wait (${error}) before the account connects`,
    advice: 'wait, it connects by itself, and a restart does not shorten it',
  };
}

/** One of those that need no operator, or one that says itself what to do. */
export function standing(state: StandingName, text: string): Standing {
  return { ...{ state, text }, advice: undefined, values: {} };
}

/** The sentence that tells both. */
export function said({ text, advice }: Standing): string {
  return advice === undefined ? text : `${text}: ${advice}`;
}
