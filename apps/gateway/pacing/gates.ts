/** Flood gates: what Telegram asked to wait for, remembered where a restart and the other gateway find it. */
import type { ErrorClassName } from '../../kit/errors.ts';
import { reason, ReasonError, sentence, type Reason } from '../../kit/reason.ts';
import type { Cause } from '../model/reasons.ts';
import { judge, TelegramError, type WaitScope } from '../model/telegram-error.ts';

export interface Gate {
  /** `strangers`, `method:messages.sendMessage` or `chat:-1001`. */
  readonly scope: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** Telegram's name of the wait, such as `FLOOD_WAIT_26`. */
  readonly reason: string;
  /** When it was closed; absent for one of an older version. */
  readonly since?: number | undefined;
  /** How long Telegram asked to wait, in ms: it is closed no longer than that, whatever a clock says. Absent likewise. */
  readonly waitMs?: number | undefined;
}

/** A call to Telegram: its method, and the marked id of the chat it is for. */
export interface CallScope {
  readonly method: string;
  readonly chatId?: string | undefined;
}

/** Where gates are kept; a longer wait for a scope is never shortened by a later one. */
export interface GateStore {
  close(gate: Gate, now: number): void;
  closed(now: number): Gate[];
  /** The gate that is closed longest for a call, or undefined when the way is open. */
  closedFor(call: CallScope, now: number): Gate | undefined;
}

/** The call was not made: a gate is closed for it. */
export class GateClosed extends ReasonError {
  override name = 'GateClosed';
  readonly gate: Gate;

  constructor(gate: Gate) {
    super(reason('asked_to_wait', { name: gate.reason }));
    this.gate = gate;
  }
}

export interface GateKeeping {
  readonly gates: GateStore;
  readonly now: () => number;
  /** Told of every gate that a refusal closed, unless one was closed for the same calls already. */
  readonly onClosed?: ((gate: Gate, scope: CallScope) => void) | undefined;
}

/**
 * Makes a call unless a gate is closed for it, and closes one where the answer announces a wait. Every call to
 * Telegram goes through here: this is why none passes a closed gate.
 * @throws GateClosed; what the call throws
 */
export async function throughGate<T>(
  keeping: GateKeeping,
  scope: CallScope,
  call: () => Promise<T>,
): Promise<T> {
  const closed = keeping.gates.closedFor(scope, keeping.now());
  if (closed) throw new GateClosed(closed);
  try {
    const answer = await call();
    unnamedWaits.get(keeping.gates)?.delete(`method:${scope.method}`);
    return answer;
  } catch (error) {
    closeGate(keeping, scope, error);
    throw error;
  }
}

/** Closes the gate of a wait that an answer announces, also one that comes long after its call; every other error is left. */
export function closeGate({ gates, now, onClosed }: GateKeeping, scope: CallScope, error: unknown): void {
  const gate = announcedGate(gates, error, scope, now());
  if (!gate) return;
  const isNew = !gates.closedFor(scope, now());
  gates.close(gate, now());
  // One that leaves the call's own way open is closed for its chat as well: nothing is asked again and again.
  if (scope.chatId !== undefined && !gates.closedFor(scope, now())) {
    gates.close({ ...gate, scope: `chat:${scope.chatId}` }, now());
  }
  if (isNew) onClosed?.(gate, scope);
}

/** The gate that opens first, where one is closed for each of these methods: until then none of them can be called. */
export function firstToOpen(gates: GateStore, methods: readonly string[], now: number): Gate | undefined {
  const closed = methods.map((method) => gates.closedFor({ method }, now));
  if (!closed.every((gate) => gate !== undefined)) return undefined;
  return closed.reduce((first, gate) => (gate.until < first.until ? gate : first));
}

/** How long a gate is closed at most, in ms, also where an older version did not note it. */
export function longestWaitMs({ waitMs, until, since, reason }: Gate): number {
  if (waitMs !== undefined) return waitMs;
  if (since !== undefined) return until - since;
  const [, seconds] = /_(\d+)$/.exec(reason) ?? [];
  return seconds === undefined ? longestUnnamedMs : Number(seconds) * 1000;
}

/** Seconds left of the longest closed gate of each kind (`strangers`, `method`, `chat`). */
export function longestByKind(gates: readonly Gate[], now: number): Map<string, number> {
  const seconds = new Map<string, number>();
  for (const { scope, until } of gates) {
    const kind = scope.split(':', 1)[0]!;
    seconds.set(kind, Math.max(seconds.get(kind) ?? 0, (until - now) / 1000));
  }
  return seconds;
}

/** What a closed gate keeps from being done, how long yet, and what can be done about it. */
export function gateReason({ scope, until, reason: name }: Gate, now: number): Reason {
  const left = { name, left_s: secondsTo(until, now) };
  if (scope === 'strangers') return reason('gate_strangers', left);
  return reason('gate', { ...left, scope });
}

export function describeGate(gate: Gate, now: number): string {
  return sentence(gateReason(gate, now));
}

/** What all closed gates keep from being done: one for all chats in slow mode. */
export function gateReasons(gates: readonly Gate[], now: number): Reason[] {
  const ofChats = gates.filter(isSlowMode);
  if (ofChats.length <= 1) return gates.map((gate) => gateReason(gate, now));
  const others = gates.filter((gate) => !ofChats.includes(gate)).map((gate) => gateReason(gate, now));
  const last = Math.max(...ofChats.map(({ until }) => until));
  return [...others, reason('gates_of_chats', { count: ofChats.length, left_s: secondsTo(last, now) })];
}

function secondsTo(until: number, now: number): number {
  return Math.max(0, Math.ceil((until - now) / 1000));
}

/** The class of error that a closed gate is to those who wait for it. */
export function gateClass(gate: Gate): ErrorClassName {
  return isSlowMode(gate) ? 'slow_mode' : gate.reason === 'PEER_FLOOD' ? 'peer_flood' : 'flood_wait';
}

function isSlowMode({ scope, reason }: Gate): boolean {
  return scope.startsWith('chat:') && reason !== 'PEER_FLOOD';
}

/** Why a message waits that a closed gate keeps from being sent. */
export function gateCause(gate: Gate, now: number): Cause {
  const { scope, until, reason: name } = gate;
  const values = { scope, name, left_s: secondsTo(until, now) };
  if (scope === 'strangers') return { code: 'peer_flood', values };
  const what = scope.slice(scope.indexOf(':') + 1);
  if (!scope.startsWith('chat:')) return { code: 'flood_wait', values: { ...values, method: what } };
  return { code: isSlowMode(gate) ? 'slow_mode' : 'peer_flood_chat', values: { ...values, chat: what } };
}

/** How many waits in a row named no time, by the scope of their gate. */
const unnamedWaits = new WeakMap<GateStore, Map<string, number>>();
const longestUnnamedMs = 15 * 60_000;

function announcedGate(gates: GateStore, error: unknown, call: CallScope, now: number): Gate | undefined {
  if (!(error instanceof TelegramError)) return undefined;
  const { gate } = judge(error);
  if (!gate) return undefined;
  const scope = gateScope(gate.scope, call);
  const waitMs = gate.grows ? grown(gates, scope, gate.waitMs) : gate.waitMs;
  return { scope, until: now + waitMs, reason: error.message, since: now, waitMs };
}

/** A wait without a time doubles until a call succeeds. */
function grown(gates: GateStore, scope: string, firstMs: number): number {
  const counts = unnamedWaits.get(gates) ?? new Map<string, number>();
  unnamedWaits.set(gates, counts);
  const before = counts.get(scope) ?? 0;
  counts.set(scope, before + 1);
  return Math.min(firstMs * 2 ** before, longestUnnamedMs);
}

function gateScope(scope: WaitScope, { method, chatId }: CallScope): string {
  if (scope === 'strangers') return scope;
  return scope === 'chat' && chatId !== undefined ? `chat:${chatId}` : `method:${method}`;
}
