/** What a scenario does to the stack, and what of it has to be remembered. */
import { systemClock } from '../kit/clock.ts';
import type { Action } from './data-file.ts';
import type { Event } from './health-log.ts';
import type { Stack } from './stack.ts';
import type { Chats } from './traffic-plan.ts';

/** What the actions have done so far. Times are in ms since 1970. */
export interface History {
  readonly events: Event[];
  readonly bannedAt: Map<string, number>;
  /** Chats that were ever in slow mode. */
  readonly slow: Set<string>;
  /** Gateways that were killed: when each was started again. */
  readonly restarts: { readonly gateway: string; readonly at: number }[];
}

export interface ActionDeps {
  readonly stack: Stack;
  readonly chats: Chats;
  readonly history: History;
  readonly signal: AbortSignal;
}

/** Does one thing; over once it is done, a restart included. */
export async function perform(action: Action, deps: ActionDeps): Promise<void> {
  const { stack, chats, history, signal } = deps;
  const { sandbox, relay, gateways } = stack;
  const note = (what: string, takesAway = false) => history.events.push({ at: Date.now(), what, takesAway });
  switch (action.do) {
    case 'cut':
      note('connections cut');
      return relay.cut();
    case 'faults':
      await sandbox.set(action);
      note(isNone(action.faults) ? 'faults lifted' : 'faults set', takesAway(action.faults));
      return action.cut ? relay.cut() : undefined;
    case 'limits':
      await sandbox.set(action);
      note('limits set');
      return;
    case 'revoke':
      note('sessions revoked', true);
      return sandbox.revokeSessions();
    case 'ban': {
      const banned = action.chats === 'all' ? [...chats.known, ...chats.bannable] : chats.bannable;
      const chosen = action.chats === 'all' ? banned : banned.slice(0, action.chats);
      await sandbox.changeWorld({ banned: chosen });
      for (const chat of chosen) history.bannedAt.set(chat, Date.now());
      note(`${chosen.length} chats banned`);
      return;
    }
    case 'slow_mode': {
      const groups = chats.known.filter((chat) => chat.startsWith('-'));
      const chosen = action.chats === 'all' ? groups : groups.slice(0, action.chats);
      await sandbox.changeWorld({
        slow_mode: Object.fromEntries(chosen.map((chat) => [chat, action.seconds])),
      });
      if (action.seconds > 0) for (const chat of chosen) history.slow.add(chat);
      note(`${chosen.length} chats in slow mode of ${action.seconds} s`);
      return;
    }
    case 'kill': {
      const { service } = gateways.find(({ name }) => name === action.gateway)!;
      note(`kill -9 of the ${action.gateway} gateway`);
      await service.kill();
      await systemClock.sleep(action.back_after_seconds * 1000, signal);
      history.restarts.push({ gateway: action.gateway, at: Date.now() });
      await service.start();
    }
  }
}

/** Whether these faults keep Telegram away altogether, or the account from being signed in. */
function takesAway(faults: unknown): boolean {
  return faultsIn(faults).some(
    ({ connection, error }) => connection !== undefined || /AUTH_KEY|SESSION/.test(String(error)),
  );
}

function isNone(faults: unknown): boolean {
  return faultsIn(faults).length === 0;
}

/** The list in a body that the sandbox takes: the list itself, `{faults}`, or a single fault. */
function faultsIn(body: unknown): Record<string, unknown>[] {
  return [(body as { faults?: unknown }).faults ?? body].flat() as Record<string, unknown>[];
}
