/** Flood gates: what Telegram asked to wait for, remembered where a restart and the other gateway find it. */
import type { Verdict } from '../telegram/errors.ts';

export interface Gate {
  /** `account`, `method:messages.sendMessage` or `chat:-1001`. */
  readonly scope: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** Telegram's name of the wait, such as `FLOOD_WAIT_26`. */
  readonly reason: string;
}

/** Where gates are kept; a longer wait for a scope is never shortened by a later one. */
export interface GateStore {
  close(gate: Gate, now: number): void;
  closed(now: number): Gate[];
}

/** The scope a wait is for. */
export function gateScope(scope: NonNullable<Verdict['scope']>, method: string, chatId: string): string {
  return scope === 'account' ? 'account' : scope === 'method' ? `method:${method}` : `chat:${chatId}`;
}

/** The gate that is closed longest for a call of `method` to a chat, or undefined when the way is open. */
export function closedGate(gates: readonly Gate[], method: string, chatId?: string): Gate | undefined {
  const scopes = ['account', `method:${method}`, `chat:${chatId}`];
  return gates.filter((gate) => scopes.includes(gate.scope)).sort((a, b) => b.until - a.until)[0];
}

/** Seconds left of the longest closed gate of each kind (`account`, `method`, `chat`). */
export function longestByKind(gates: readonly Gate[], now: number): Map<string, number> {
  const seconds = new Map<string, number>();
  for (const { scope, until } of gates) {
    const kind = scope.split(':', 1)[0]!;
    seconds.set(kind, Math.max(seconds.get(kind) ?? 0, (until - now) / 1000));
  }
  return seconds;
}
