/** The updates that a client of the library is pushed. */
import { Api } from 'telegram/tl/index.js';
import type { TestClient } from './library-client.ts';
import { until } from './until.ts';

/** What one client hears. */
export interface Heard {
  /** All updates so far, out of whatever they came in. */
  readonly all: readonly Api.TypeUpdate[];
  /** Waits for an update with this class name, and takes it out. */
  next: <U extends Api.TypeUpdate>(className: U['className']) => Promise<U>;
}

/** Has a client hear updates from now on. */
export async function updatesTo({ client, callBare }: TestClient): Promise<Heard> {
  const all: Api.TypeUpdate[] = [];
  const manager = client.updateManager as unknown as { onUpdates: (pushed: Api.TypeUpdates) => void };
  manager.onUpdates = (pushed) => {
    if (pushed instanceof Api.Updates) all.push(...pushed.updates);
  };
  await callBare(new Api.updates.GetState());
  return {
    all,
    next: async <U extends Api.TypeUpdate>(className: U['className']) => {
      const found = await until(`${className} is pushed`, () =>
        all.find((one) => one.className === className),
      );
      all.splice(all.indexOf(found), 1);
      return found as U;
    },
  };
}
