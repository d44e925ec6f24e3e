/** The sandbox as a scenario drives it: over its control API, and by the errors that its log tells of. */
import { StartError } from '../kit/run.ts';
import type { Action } from './data-file.ts';
import { askJson } from './http.ts';
import { numberIn, type Delivered } from './messages.ts';

export interface SandboxReport {
  /** Calls by method. */
  readonly rpc: Readonly<Record<string, number>>;
  /** Errors by name, without the number in them. */
  readonly errors: Readonly<Record<string, number>>;
  readonly floodViolations: number;
  readonly violations: readonly unknown[];
  readonly delivered: readonly Delivered[];
}

interface RawReport {
  rpc: Record<string, number>;
  errors: Record<string, number>;
  flood_violations: number;
  violations: unknown[];
  delivered: { chat_id: string; text: string; at: string }[];
}

export interface WorldChat {
  readonly chat_id: string;
  readonly in_dialogs: boolean;
}

export type WorldChange =
  { readonly banned: readonly string[] } | { readonly slow_mode: Readonly<Record<string, number>> };

export class Sandbox {
  readonly url: string;

  constructor(httpPort: number) {
    this.url = `http://127.0.0.1:${httpPort}`;
  }

  async setWorld(world: object): Promise<WorldChat[]> {
    return (await this.#control<{ chats: WorldChat[] }>('/world', 'POST', world)).chats;
  }

  async changeWorld(change: WorldChange): Promise<void> {
    await this.#control('/world', 'PATCH', change);
  }

  async set(action: Extract<Action, { do: 'faults' | 'limits' }>): Promise<void> {
    if (action.do === 'faults') await this.#control('/faults', 'POST', action.faults);
    else await this.#control('/limits', 'POST', action.limits);
  }

  /** Ends every session there is. */
  async revokeSessions(): Promise<void> {
    const sessions = await this.#control<{ hash: string }[]>('/sessions', 'GET');
    for (const { hash } of sessions) await this.#control('/sessions/revoke', 'POST', { hash });
  }

  async report(): Promise<SandboxReport> {
    const { rpc, errors, delivered, ...raw } = await this.#control<RawReport>('/report', 'GET');
    return {
      rpc,
      errors,
      floodViolations: raw.flood_violations,
      violations: raw.violations,
      delivered: delivered.flatMap(({ chat_id, text, at }) => {
        const number = numberIn(text);
        return number === undefined ? [] : [{ number, chatId: chat_id, at: Date.parse(at) }];
      }),
    };
  }

  async #control<T>(path: string, method: string, body?: unknown): Promise<T> {
    const reply = await askJson<T>(this.url + path, { method, body, timeoutMs: 60_000 });
    if (reply.status === 200) return reply.body;
    throw new StartError(`the sandbox refused ${method} ${path}: ${JSON.stringify(reply.body)}`);
  }
}

/** Counts the errors that the sandbox answered, by method: its report has them by name alone. */
export class AnsweredErrors {
  readonly #byMethod = new Map<string, number>();

  /** A line of the sandbox's log. */
  line(line: string): void {
    if (!line.includes('"msg":"error answered"') && !line.includes('"msg":"connection cut"')) return;
    const { method } = JSON.parse(line) as { method: string };
    this.#byMethod.set(method, this.of(method) + 1);
  }

  of(method: string): number {
    return this.#byMethod.get(method) ?? 0;
  }
}

/** How many of the errors were waits. */
export function waitsIn(errors: SandboxReport['errors']): number {
  const waits = ['FLOOD_WAIT', 'FLOOD_PREMIUM_WAIT', 'SLOWMODE_WAIT', 'PEER_FLOOD'];
  return waits.reduce((sum, name) => sum + (errors[name] ?? 0), 0);
}
