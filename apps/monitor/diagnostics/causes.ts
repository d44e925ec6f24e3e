/** Names root causes from the evidence: one rule for each, the gravest first. Pure. */
import { sentence, type Reason, type SentReason } from '../../kit/reason.ts';
import type { ErrorLine, Evidence, Gate, PortEvidence, ServiceEvidence } from './evidence.ts';
import { because, statedBy, type Values } from './outcome.ts';
import { causeOfAccount, type AccountCause } from '../health/account-causes.ts';

export const causeIds = [
  'port_taken',
  'not_running',
  'disk_full',
  'clock_wrong',
  'restart_loop',
  'never_signed_in',
  'two_clients',
  'session_revoked',
  'session_unconfirmed',
  'account_deactivated',
  'account_frozen',
  'other_account',
  'proxy_failed',
  'telegram_unreachable',
  'account_restricted',
  'flood_loop',
  'flood_wait',
  'empty_cache',
  'banned',
  'persistent_timestamp',
] as const;
export type CauseId = (typeof causeIds)[number];

/** A fact that speaks for a cause: a line of the log, or a sentence by its id with what is put into it. */
export type Fact =
  | { readonly line: ErrorLine; readonly count: number }
  | { readonly id: FactId; readonly values: Values; readonly causes?: readonly SentReason[] };

export const factIds = [
  'state',
  'state_because',
  'port_held',
  'port_held_by',
  'restarts',
  'disk_free',
  'clock_ahead',
  'clock_behind',
  'told',
  'gate',
  'waits',
  'cache_size',
  'chats',
] as const;
export type FactId = (typeof factIds)[number];

export interface Cause {
  readonly id: CauseId;
  /** Null where it is of the whole machine. */
  readonly service: string | null;
  readonly evidence: readonly Fact[];
}

type Rule = (service: ServiceEvidence, evidence: Evidence) => readonly Fact[];

const minuteMs = 60_000;
/** So many restarts within that time are a loop, though the service answers in between. */
const restartsOfLoop = 3;
export const restartsWithinMs = 10 * minuteMs;
const hourMs = 60 * minuteMs;
/** Less free room than this stops databases and logs soon. */
export const leastFreeBytes = 200_000_000;
/** A shorter wait is over before anybody has read of it. */
const longWaitS = 60;
/** So many waits in an hour are a loop. */
const waitsOfLoop = 3;
/** Telegram takes messages of a clock that is up to 30 s ahead. */
export const mostClockOffsetMs = 20_000;

const signs = {
  duplicated: /auth_?key_?duplicated|used under two different ip addresses/i,
  // Telethon keeps its session in SQLite: two programs with one session file lock each other out.
  sharedFile: /sqlite3\.OperationalError: database is locked/,
  session:
    /session_?revoked|session_?expired|auth_?key_?(unregistered|invalid|not_?found)|not registered in the system|sign the account in again|does not know the session/i,
  noSession: /there is no session: npm run login|nobody has signed in with this session/i,
  deactivated: /user_?deactivated|phone_?number_?banned|the user has been deleted/i,
  frozen: /telegram froze the account|frozen_?method_?invalid/i,
  otherAccount: /session is of another telegram user/i,
  portInUse: /EADDRINUSE|address already in use|port \d+ is in use/i,
  diskFull: /ENOSPC|no space left on device|database or disk is full|sqlite_full/i,
  clock:
    /msg_id too (low|high)|client time is wrong|very (new|old) message with id|too many messages had to be ignored|msg_?id_?(low|high)/i,
};

const rules: Record<Exclude<CauseId, 'disk_full' | 'clock_wrong'>, Rule> = {
  port_taken: (service, { now }) => {
    if (service.state === 'running' && service.answers) return [];
    const isDown = service.state !== 'running' && service.state !== 'unknown';
    const { port } = service;
    const held = isDown && port?.isListening ? [holderFact(port)] : [];
    const { stateDetail } = service;
    const told = stateDetail?.code === 'port_in_use' ? [stated(stateDetail)] : [];
    return [...held, ...told, ...lines(service, now, 15 * minuteMs, signs.portInUse)];
  },
  not_running: ({ state, stateDetail }) => {
    if (state !== 'stopped' && state !== 'failed') return [];
    if (stateDetail === null) return [fact('state', { state })];
    return [{ id: 'state_because', ...because(stateDetail, { state }) }];
  },
  restart_loop: ({ restarts }) =>
    restarts >= restartsOfLoop
      ? [fact('restarts', { count: restarts, within_s: restartsWithinMs / 1000 })]
      : [],
  never_signed_in: (service, evidence) => {
    const { stateDetail } = service;
    const facts = stateDetail && signs.noSession.test(sentence(stateDetail)) ? [stated(stateDetail)] : [];
    return [...facts, ...ofAccount('never_signed_in', signs.noSession, service, evidence)];
  },
  two_clients: (service, evidence) => {
    const facts = ofAccount('two_clients', signs.duplicated, service, evidence);
    if (service.authorized?.ok) return facts;
    const shared = lines(service, evidence.now, hourMs, signs.sharedFile);
    return [...facts, ...(count(shared) >= 3 ? shared : [])];
  },
  session_revoked: (service, evidence) => {
    const graver = ['two_clients', 'never_signed_in', 'account_deactivated'] as const;
    const isOther = service.accountState === null && graver.some((id) => holds(id, service, evidence));
    return isOther ? [] : ofAccount('session_revoked', signs.session, service, evidence);
  },
  session_unconfirmed: (service, evidence) => ofAccount('session_unconfirmed', undefined, service, evidence),
  account_deactivated: (service, evidence) =>
    ofAccount('account_deactivated', signs.deactivated, service, evidence),
  account_frozen: (service, evidence) => ofAccount('account_frozen', signs.frozen, service, evidence),
  other_account: (service, evidence) => ofAccount('other_account', signs.otherAccount, service, evidence),
  proxy_failed: (service, evidence) => ofAccount('proxy_failed', undefined, service, evidence),
  telegram_unreachable: (service, evidence) => {
    if (service.accountState !== null) return ofAccount('telegram_unreachable', undefined, service, evidence);
    const isSignedOut = accountCauses.some((id) => holds(id, service, evidence));
    if (service.telegram?.ok || isSignedOut) return [];
    const isHeld = /asked to wait/i.test(service.telegram?.detail ?? '');
    if (service.telegram && !isHeld) return [{ id: 'told', ...statedBy(service.telegram) }];
    const said = lines(service, evidence.now, 10 * minuteMs, 'telegram_unavailable');
    return !service.telegram && count(said) >= 2 ? said : [];
  },
  account_restricted: (service, { now }) => {
    const gates = (service.gates ?? []).filter(({ scope, seconds }) => scope === 'strangers' && seconds > 0);
    if (service.gates && gates.length === 0) return [];
    return [...gates.map(gateFact), ...lines(service, now, 24 * hourMs, 'peer_flood')];
  },
  flood_loop: (service, { now }) => {
    const said = waitsOf(service, now);
    if (said.length < waitsOfLoop) return [];
    const longest = Math.max(0, ...said.map(({ message }) => announcedSeconds(message)));
    const waits = fact('waits', { count: said.length, longest_s: longest });
    return [...holdingGates(service).map(gateFact), waits, ...folded(said)];
  },
  flood_wait: (service, { now }) => {
    if (waitsOf(service, now).length >= waitsOfLoop) return [];
    const gates = holdingGates(service);
    // One that does not tell its gates has only its log to go by.
    const said = service.gates === null ? announcedWaits(service, now) : waitsOf(service, now);
    return gates.length > 0 || service.gates === null ? [...gates.map(gateFact), ...folded(said)] : [];
  },
  empty_cache: (service, { now }) => {
    if (service.cacheSize === 0)
      return [fact('cache_size', { size: 0 }), ...lines(service, now, hourMs, 'cannot_resolve')];
    const unresolved = lines(service, now, hourMs, 'cannot_resolve');
    return service.cacheSize === null && count(unresolved) >= 3 ? unresolved : [];
  },
  banned: (service, { now }) => {
    const said = recent(service, now, 24 * hourMs).filter((line) => line.class === 'banned');
    if (said.length === 0) return [];
    const chats = [...new Set(said.map(({ chat, message }) => chat ?? /-\d{5,}/.exec(message)?.[0] ?? '?'))];
    return [fact('chats', { chats: chats.slice(0, 20).join(', '), count: chats.length }), ...folded(said)];
  },
  persistent_timestamp: (service, { now }) => {
    const said = lines(service, now, hourMs, 'persistent_timestamp');
    return count(said) >= 3 ? said : [];
  },
};

/** The causes that an account itself may have, which its lines tell of as well. */
const accountCauses = [
  'never_signed_in',
  'two_clients',
  'session_revoked',
  'account_deactivated',
  'account_frozen',
  'other_account',
] as const;

function holds(id: AccountCause, service: ServiceEvidence, evidence: Evidence): boolean {
  return rules[id](service, evidence).length > 0;
}

/** By what a gateway says of its account; one that does not say has its words, and its lines, to go by. */
function ofAccount(
  id: AccountCause,
  sign: RegExp | undefined,
  service: ServiceEvidence,
  { now }: Evidence,
): Fact[] {
  const { accountState, authorized, telegram } = service;
  if (accountState !== null) {
    const check = [authorized, telegram].find((each) => each && !each.ok);
    const isMeant = causeOfAccount(accountState) === id && check;
    return isMeant ? [{ id: 'told', ...statedBy(check) }] : [];
  }
  if (authorized?.ok || !sign) return [];
  return [...toldBy(authorized, sign), ...lines(service, now, 24 * hourMs, sign)];
}

/** The lines of the last hour that tell of a wait. */
function waitsOf(service: ServiceEvidence, now: number): ErrorLine[] {
  return recent(service, now, hourMs).filter((line) => line.class === 'flood_wait');
}

/** The lines that tell of a wait which is not over yet. */
function announcedWaits(service: ServiceEvidence, now: number): ErrorLine[] {
  return recent(service, now, 24 * hourMs).filter(({ at, message }) => {
    const seconds = announcedSeconds(message);
    return seconds >= longWaitS && Date.parse(at) + seconds * 1000 > now;
  });
}

/** The waits of methods that keep the service from sending for a while. */
function holdingGates({ gates }: ServiceEvidence): Gate[] {
  return (gates ?? []).filter(
    ({ scope, seconds, holds }) => holds && scope.startsWith('method:') && seconds >= longWaitS,
  );
}

/** Every cause that the evidence names, the gravest first. */
export function findCauses(evidence: Evidence): Cause[] {
  const found = causeIds.flatMap((id): Cause[] => {
    if (id === 'disk_full') return ofMachine(id, diskFacts(evidence));
    if (id === 'clock_wrong') return ofMachine(id, clockFacts(evidence));
    return evidence.services.flatMap((service) => {
      const facts = rules[id](service, evidence);
      return facts.length > 0 ? [{ id, service: service.name, evidence: facts }] : [];
    });
  });
  // A service that cannot start, because its port is taken or nobody has signed in, is not merely stopped.
  const isWhyStopped = ({ id }: Cause) => id === 'port_taken' || id === 'never_signed_in';
  const isExplained = ({ id, service }: Cause) =>
    id === 'not_running' && found.some((other) => isWhyStopped(other) && other.service === service);
  return found.filter((cause) => !isExplained(cause));
}

function ofMachine(id: CauseId, evidence: readonly Fact[]): Cause[] {
  return evidence.length > 0 ? [{ id, service: null, evidence }] : [];
}

function diskFacts({ disk, services, now }: Evidence): Fact[] {
  const isFull = disk !== null && disk.freeBytes < leastFreeBytes;
  const said = services.flatMap((service) => lines(service, now, hourMs, signs.diskFull));
  return [...(isFull ? [fact('disk_free', { free_bytes: disk.freeBytes })] : []), ...said];
}

function clockFacts({ clockOffsetMs, services, now }: Evidence): Fact[] {
  const isWrong = clockOffsetMs !== null && Math.abs(clockOffsetMs) > mostClockOffsetMs;
  const said = services.flatMap((service) => lines(service, now, hourMs, signs.clock));
  if (!isWrong) return said;
  const values = { off_s: Math.round(Math.abs(clockOffsetMs) / 1000) };
  return [fact(clockOffsetMs > 0 ? 'clock_ahead' : 'clock_behind', values), ...said];
}

function fact(id: FactId, values: Values): Fact {
  return { id, values };
}

function stated(reason: Reason): Fact {
  return { id: 'told', ...because(reason) };
}

function gateFact({ scope, seconds, until }: Gate): Fact {
  return fact('gate', { scope, left_s: seconds, until_at: until });
}

function holderFact({ port, owner }: PortEvidence): Fact {
  if (!owner) return fact('port_held', { port: String(port) });
  return fact('port_held_by', { port: String(port), owner: owner.name, pid: String(owner.pid) });
}

function toldBy(check: ServiceEvidence['authorized'], sign: RegExp): Fact[] {
  return check && !check.ok && sign.test(check.detail) ? [{ id: 'told', ...statedBy(check) }] : [];
}

function recent({ lines: all }: ServiceEvidence, now: number, withinMs: number): ErrorLine[] {
  return all.filter((line) => now - Date.parse(line.at) <= withinMs && isEvidence(line));
}

/** Words below a warning may be those of a message that was sent; but Telethon announces its waits as INFO. */
function isEvidence({ level, message }: ErrorLine): boolean {
  return level !== 'INFO' || /^(?:[\w.]+:)?\s*Sleeping for \d+s\b.* flood wait$/.test(message);
}

/** Lines of a class or with certain words, the last of each kind with how many there are. */
function lines(service: ServiceEvidence, now: number, withinMs: number, what: RegExp | string): Fact[] {
  const isMeant = (line: ErrorLine) =>
    typeof what === 'string' ? line.class === what : what.test(line.message);
  return folded(recent(service, now, withinMs).filter(isMeant));
}

const mostShown = 5;

function folded(said: readonly ErrorLine[]): { line: ErrorLine; count: number }[] {
  const byKind = Map.groupBy(said, ({ message }) => message.replace(/\d+/g, '#'));
  const kinds = [...byKind.values()].map((each) => ({ line: each.at(-1)!, count: each.length }));
  return kinds.sort((a, b) => (a.line.at < b.line.at ? 1 : -1)).slice(0, mostShown);
}

function count(facts: readonly Fact[]): number {
  return facts.reduce((sum, fact) => sum + ('count' in fact ? fact.count : 0), 0);
}

/** The wait that a line names, in seconds; 0 where it names none. */
function announcedSeconds(message: string): number {
  const found = /FLOOD_(?:PREMIUM_)?WAIT_(\d+)|sleeping for (\d+)s|wait of (\d+) seconds/i.exec(message);
  return Number(found?.[1] ?? found?.[2] ?? found?.[3] ?? 0);
}
