/** A network namespace that has nothing but loopback: what runs in it reaches nobody else. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { output, spawnBound } from '../command.ts';

const SET_UP =
  'ip link set lo up && for address; do ip address add "$address/32" dev lo; done && echo up && exec cat';

export class LoopbackOnly {
  readonly #holder: ChildProcess;

  /** Makes one in which loopback has these addresses too. @throws where it can't be made */
  static async make(addresses: readonly string[]): Promise<LoopbackOnly> {
    const holder = spawnBound('unshare', ['--net', 'sh', '-ec', SET_UP, 'sh', ...addresses], {
      stdio: 'pipe',
    });
    const isUp = await Promise.race([once(holder.stdout!, 'data'), once(holder, 'exit').then(() => false)]);
    if (!isUp) throw new Error('the network namespace could not be set up');
    return new LoopbackOnly(holder);
  }

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  /** What the command line of a program in it begins with. */
  get prefix(): readonly string[] {
    return ['nsenter', `--net=/proc/${this.#holder.pid}/ns/net`, '--'];
  }

  /** Lets it go; it is gone when all in it have ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#holder, 'exit');
    this.#holder.stdin!.end();
    await ended;
  }
}

/** Why none can be made here; undefined where it can. */
export async function whyNoNamespace(): Promise<string | undefined> {
  return output('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up']).then(
    () => undefined,
    () => 'needs the right to make a network namespace, and iproute2',
  );
}
