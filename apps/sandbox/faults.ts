/** Misbehaviour on demand: the list of POST /faults, matched call by call. */

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
  for_seconds?: number | undefined;
  /** How long the call waits before anything else happens. */
  delay_ms?: number | undefined;
  /** Cuts the connection instead of answering: before or after the call is carried out. */
  drop?: 'before' | 'after' | undefined;
}

/** A fault with what is left of it. */
export interface Fault extends FaultDefinition {
  hits: number;
  left: number;
  until: number;
}

/** All faults of one server. */
export class Faults {
  private list: Fault[] = [];
  private random = randomFrom(1);

  /** Replaces the list. The chances of `probability` start again from the same seed, so that runs repeat themselves. */
  replace(definitions: readonly FaultDefinition[], seed = 1): void {
    this.random = randomFrom(seed);
    this.list = definitions.map((definition) => ({
      ...definition,
      hits: 0,
      left: definition.times ?? Infinity,
      until: definition.for_seconds === undefined ? Infinity : Date.now() + definition.for_seconds * 1000,
    }));
  }

  /** The first fault that hits this call, which is counted as hit; `chatId` is the peer that the call names. */
  hit(method: string, chatId: bigint | undefined): Fault | undefined {
    for (const fault of this.list) {
      if (fault.left <= 0 || fault.until <= Date.now()) continue;
      if (fault.method !== undefined && fault.method !== method) continue;
      if (fault.peer !== undefined && fault.peer !== chatId) continue;
      if (fault.probability !== undefined && this.random() >= fault.probability) continue;
      fault.left--;
      fault.hits++;
      return fault;
    }
    return undefined;
  }

  all(): readonly Fault[] {
    return this.list;
  }
}

/** A repeatable stream of numbers from 0 up to 1 (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
