/** Misbehaviour on demand: the list of POST /faults, matched call by call, and what of it holds for whole connections. */
import type { LineFault } from './mtproto/line.ts';
import { randomFrom } from './random.ts';

/** One fault. Without `times` and `for_seconds` it stays until a reset. */
export interface FaultDefinition {
  /** A method such as `messages.sendMessage`; absent for all. */
  method?: string | undefined;
  /** A marked id; absent for all. */
  peer?: bigint | undefined;
  /** The error to answer, for instance `FLOOD_WAIT_26`. */
  error?: string | undefined;
  times?: number | undefined;
  /** From 0 to 1; 1 where absent. */
  probability?: number | undefined;
  /** How long after the list was set the fault begins. */
  after_seconds?: number | undefined;
  /** How long it holds, from its beginning. */
  for_seconds?: number | undefined;
  /** How long the call waits before anything else happens. */
  delay_ms?: number | undefined;
  /** Cuts the connection instead of answering: before or after the call is carried out. */
  drop?: 'before' | 'after' | undefined;
  /** What becomes of all connections while the fault holds; such a fault hits no single call. */
  connection?: LineFault['kind'] | undefined;
  /** The pace of a `slow` connection. */
  bytes_per_second?: number | undefined;
  /** How far the server's clock is off while the fault holds; negative is behind. Such a fault hits no single call. */
  clock_skew_seconds?: number | undefined;
}

/** A fault with what is left of it. Times are in ms since 1970. */
export interface Fault extends FaultDefinition {
  hits: number;
  left: number;
  from: number;
  until: number;
}

const SLOW_BYTES_PER_SECOND = 1024;

/** All faults of one server. */
export class Faults {
  private list: readonly Fault[] = [];
  private ofCalls: readonly Fault[] = [];
  private ofConnections: readonly Fault[] = [];
  private ofClock: readonly Fault[] = [];
  private random = randomFrom(1);
  private readonly now: () => number;

  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  /** Replaces the list. The chances of `probability` start again from the seed, so that runs repeat themselves. */
  replace(definitions: readonly FaultDefinition[], seed = 1): void {
    const now = this.now();
    this.random = randomFrom(seed);
    this.list = definitions.map((definition) => {
      const from = now + (definition.after_seconds ?? 0) * 1000;
      const until = definition.for_seconds === undefined ? Infinity : from + definition.for_seconds * 1000;
      return { ...definition, hits: 0, left: definition.times ?? Infinity, from, until };
    });
    this.ofConnections = this.list.filter(({ connection }) => connection !== undefined);
    this.ofClock = this.list.filter(({ clock_skew_seconds }) => clock_skew_seconds !== undefined);
    const others = new Set([...this.ofConnections, ...this.ofClock]);
    this.ofCalls = this.list.filter((fault) => !others.has(fault));
  }

  /** The first fault that hits this call, which is counted as hit; `chatId` is the peer that the call names. */
  hit(method: string, chatId: bigint | undefined): Fault | undefined {
    if (this.ofCalls.length === 0) return undefined;
    const now = this.now();
    for (const fault of this.ofCalls) {
      if (fault.left <= 0 || fault.from > now || fault.until <= now) continue;
      if (fault.method !== undefined && fault.method !== method) continue;
      if (fault.peer !== undefined && fault.peer !== chatId) continue;
      if (fault.probability !== undefined && this.random() >= fault.probability) continue;
      fault.left--;
      fault.hits++;
      return fault;
    }
    return undefined;
  }

  /** How connections misbehave at the moment. */
  line(): LineFault | undefined {
    const fault = this.holding(this.ofConnections);
    if (!fault?.connection) return undefined;
    return { kind: fault.connection, bytesPerSecond: fault.bytes_per_second ?? SLOW_BYTES_PER_SECOND };
  }

  /** How far the server's clock is off at the moment. */
  skewMs(): number {
    return (this.holding(this.ofClock)?.clock_skew_seconds ?? 0) * 1000;
  }

  all(): readonly Fault[] {
    return this.list;
  }

  private holding(faults: readonly Fault[]): Fault | undefined {
    if (faults.length === 0) return undefined;
    const now = this.now();
    return faults.find(({ from, until }) => from <= now && until > now);
  }
}
