/** Misbehaviour on demand: the list of POST /faults, matched call by call, and what of it holds for whole connections. */
import type { SocketFault } from '../mtproto/faulty-socket.ts';
import { randomFrom } from '../../kit/random.ts';

/** One fault. Without `times` and `for_seconds` it stays until a reset. */
export interface FaultDefinition {
  /** A method such as `messages.sendMessage`; absent for all. */
  method?: string | undefined;
  /** A marked id; absent for all. */
  peer?: bigint | undefined;
  /** The error to answer, for instance `FLOOD_WAIT_26`. */
  error?: string | undefined;
  /** The code of the error; the one that Telegram sends with its name where absent. */
  error_code?: number | undefined;
  /** The call is carried out before `error` is answered. */
  carry_out?: true | undefined;
  times?: number | undefined;
  /** From 0 to 1; 1 where absent. */
  probability?: number | undefined;
  /** How long after the list was set the fault begins. */
  after_seconds?: number | undefined;
  /** How long it holds, from its beginning. */
  for_seconds?: number | undefined;
  /** How long the call waits before anything else happens. */
  delay_ms?: number | undefined;
  /**
   * Cuts the connection instead of answering: before the call is taken in, or after it is carried out. Its answer is
   * then sent when the session is back.
   */
  drop?: 'before' | 'after' | undefined;
  /** The server forgets the session on its living connection: before this call is taken in, or after it is carried out. */
  forget_session?: 'before' | 'after' | undefined;
  /**
   * The session forgets its initConnection: this call and those after it are CONNECTION_NOT_INITED until the client sends
   * another.
   */
  forget_init?: true | undefined;
  /**
   * The account moves to this data centre: this call, and all that follow at the old one, are `USER_MIGRATE_n`. With an
   * `error` such as `NETWORK_MIGRATE_4` this call is answered that.
   */
  move_to?: number | undefined;
  /** An object that no layer has: pushed beside the answer in one container, or as the result in it. */
  unknown_constructor?: 'push' | 'result' | undefined;
  /** The item of an album that its answer leaves out, from 1; it is delivered all the same. */
  omit_item?: number | undefined;
  /** Answers that a part of a file was saved, and does not keep it. */
  lose_part?: true | undefined;
  /** A send whose random_ids were used before makes new messages, and is not answered with the earlier ones. */
  forget_random_ids?: true | undefined;
  /** What becomes of all connections while the fault holds; such a fault hits no single call. */
  connection?: SocketFault['kind'] | 'drain' | undefined;
  /** The pace of a `slow` connection. */
  bytes_per_second?: number | undefined;
  /** How far the server's clock is off while the fault holds; negative is behind. Such a fault hits no single call. */
  clock_skew_seconds?: number | undefined;
  /** The clock comes back evenly over `for_seconds`, instead of at once at its end. */
  clock_drifts_back?: true | undefined;
  /** The error, such as -429, that the first frame of a connection is answered with; `times` counts connections. */
  transport_error?: number | undefined;
}

/** A fault with what is left of it. Times are in ms since 1970. */
export interface Fault extends FaultDefinition {
  hits: number;
  left: number;
  from: number;
  until: number;
}

const slowBytesPerSecond = 1024;
/** The only call whose answer has items, unless the fault names another. */
const albumMethod = 'messages.sendMultiMedia';

/** All faults of one server. */
export class Faults {
  #list: readonly Fault[] = [];
  #ofCalls: readonly Fault[] = [];
  #ofSockets: readonly Fault[] = [];
  #ofDrain: readonly Fault[] = [];
  #ofTransport: readonly Fault[] = [];
  #ofClock: readonly Fault[] = [];
  #random = randomFrom(1);
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Replaces the list. The chances of `probability` start again from the seed, so that runs repeat themselves. */
  replace(definitions: readonly FaultDefinition[], seed = 1): void {
    const now = this.#now();
    this.#random = randomFrom(seed);
    this.#list = definitions.map((definition) => {
      const from = now + (definition.after_seconds ?? 0) * 1000;
      const until = definition.for_seconds === undefined ? Infinity : from + definition.for_seconds * 1000;
      const method = definition.method ?? (definition.omit_item === undefined ? undefined : albumMethod);
      return { ...definition, method, hits: 0, left: definition.times ?? Infinity, from, until };
    });
    const kinds = Map.groupBy(this.#list, kindOf);
    this.#ofCalls = kinds.get('call') ?? [];
    this.#ofSockets = kinds.get('socket') ?? [];
    this.#ofDrain = kinds.get('drain') ?? [];
    this.#ofTransport = kinds.get('transport') ?? [];
    this.#ofClock = kinds.get('clock') ?? [];
  }

  /** The first fault that hits this call, which is counted as hit; `chatId` is the peer that the call names. */
  hit(method: string, chatId: bigint | undefined): Fault | undefined {
    return this.#take(
      this.#ofCalls,
      (fault) =>
        (fault.method === undefined || fault.method === method) &&
        (fault.peer === undefined || fault.peer === chatId),
    );
  }

  /** The transport error for a connection that sends its first frame, which is counted as hit. */
  transportError(): number | undefined {
    return this.#take(this.#ofTransport, () => true)?.transport_error;
  }

  /** How connections misbehave at the moment. */
  socket(): SocketFault | undefined {
    const fault = this.#holding(this.#ofSockets);
    if (!fault?.connection || fault.connection === 'drain') return undefined;
    return { kind: fault.connection, bytesPerSecond: fault.bytes_per_second ?? slowBytesPerSecond };
  }

  /** Whether the server drains a connection that was opened then: in ms since 1970. */
  isDrained(openedAt: number): boolean {
    const fault = this.#holding(this.#ofDrain);
    return fault !== undefined && openedAt < fault.from;
  }

  /** How far the server's clock is off at the moment. */
  skewMs(): number {
    const fault = this.#holding(this.#ofClock);
    if (!fault) return 0;
    const { clock_skew_seconds: skew = 0, clock_drifts_back: drifts, from, until } = fault;
    return skew * 1000 * (drifts ? (until - this.#now()) / (until - from) : 1);
  }

  all(): readonly Fault[] {
    return this.#list;
  }

  #take(faults: readonly Fault[], fits: (fault: Fault) => boolean): Fault | undefined {
    if (faults.length === 0) return undefined;
    const now = this.#now();
    for (const fault of faults) {
      if (fault.left <= 0 || fault.from > now || fault.until <= now || !fits(fault)) continue;
      if (fault.probability !== undefined && this.#random() >= fault.probability) continue;
      fault.left--;
      fault.hits++;
      return fault;
    }
    return undefined;
  }

  #holding(faults: readonly Fault[]): Fault | undefined {
    if (faults.length === 0) return undefined;
    const now = this.#now();
    return faults.find(({ from, until }) => from <= now && until > now);
  }
}

function kindOf(fault: FaultDefinition): 'call' | 'socket' | 'drain' | 'transport' | 'clock' {
  if (fault.connection !== undefined) return fault.connection === 'drain' ? 'drain' : 'socket';
  if (fault.clock_skew_seconds !== undefined) return 'clock';
  return fault.transport_error === undefined ? 'call' : 'transport';
}
