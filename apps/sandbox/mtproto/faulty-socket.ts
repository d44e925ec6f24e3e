/** One socket, and its faults: slow, silent, or half open. */
import type { Socket } from 'node:net';

/** How a socket behaves while a fault holds. */
export interface SocketFault {
  /**
   * `slow` passes so many bytes a second each way; `silent` carries calls out and answers nothing; `half_open` takes
   * nothing in and gives nothing out, and dies when the fault is over; `refuse` closes connections at once.
   */
  kind: 'slow' | 'silent' | 'half_open' | 'refuse';
  bytesPerSecond: number;
}

const maxUnsentBytes = 8 * 1024 * 1024;
const halfOpenLookMs = 50;

/** What a faulty socket needs around it. */
export interface SocketOptions {
  /** The fault of this moment. */
  fault: () => SocketFault | undefined;
  onBytes: (chunk: Buffer) => void;
  onClose: () => void;
  onError: (error: Error) => void;
}

/** Bytes in and out of one socket. */
export class FaultySocket {
  readonly #socket: Socket;
  readonly #options: SocketOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  /** Until when earlier bytes occupy a slow socket, in ms since 1970. */
  #busyUntil = { in: 0, out: 0 };
  #isHeld = false;
  #isResting = false;

  constructor(socket: Socket, options: SocketOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('drain', () => this.#resume());
    socket.on('error', options.onError);
    socket.on('close', () => {
      for (const timer of this.#timers) clearTimeout(timer);
      options.onClose();
    });
    if (options.fault()?.kind === 'refuse') socket.resetAndDestroy();
  }

  get isOpen(): boolean {
    return this.#socket.writable;
  }

  /** Writes bytes; reading pauses while the client does not take what it was sent. */
  write(bytes: Buffer): void {
    const fault = this.#options.fault();
    if (fault?.kind === 'silent' || fault?.kind === 'half_open') return;
    if (fault?.kind === 'slow') return this.#later('out', bytes.length, fault, () => this.#pass(bytes));
    if (this.#busyUntil.out > Date.now()) return this.#after(this.#busyUntil.out, () => this.#pass(bytes));
    this.#pass(bytes);
  }

  /** Reads nothing until it is to go on. */
  rest(): void {
    this.#isResting = true;
    this.#socket.pause();
  }

  goOn(): void {
    if (!this.#isResting) return;
    this.#isResting = false;
    this.#resume();
  }

  #resume(): void {
    if (!this.#isHeld && !this.#isResting) this.#socket.resume();
  }

  #pass(bytes: Buffer): void {
    if (!this.#socket.writable) return;
    this.#socket.write(bytes);
    if (this.#socket.writableLength > maxUnsentBytes) this.#socket.pause();
  }

  #take(chunk: Buffer): void {
    const fault = this.#options.fault();
    if (fault?.kind === 'half_open') return this.#hold();
    if (fault?.kind !== 'slow') return this.#options.onBytes(chunk);
    this.#isHeld = true;
    this.#socket.pause();
    this.#later('in', chunk.length, fault, () => {
      this.#isHeld = false;
      this.#options.onBytes(chunk);
      this.#resume();
    });
  }

  /** Nothing passes any more; when the fault is over, the client learns that the connection had long been gone. */
  #hold(): void {
    this.#isHeld = true;
    this.#socket.pause();
    const look = () => {
      if (this.#options.fault()?.kind !== 'half_open') return void this.#socket.resetAndDestroy();
      this.#after(Date.now() + halfOpenLookMs, look);
    };
    look();
  }

  #later(way: 'in' | 'out', bytes: number, fault: SocketFault, then: () => void): void {
    const from = Math.max(this.#busyUntil[way], Date.now());
    this.#busyUntil[way] = from + (bytes / fault.bytesPerSecond) * 1000;
    this.#after(this.#busyUntil[way], then);
  }

  #after(at: number, then: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      then();
    }, at - Date.now());
    this.#timers.add(timer);
  }
}
