/** Whether messages wait and nothing known holds them, and since when: a fault of this service, which /health tells. */
import type { Reason } from '../model/reasons.ts';
import type { StoredMessage } from '../model/message.ts';
import type { Lanes } from '../storage/ledger.ts';

export interface UnexplainedDeps {
  readonly lanes: Pick<Lanes, 'due' | 'head' | 'depth'>;
  readonly reasonOf: (message: StoredMessage) => Reason | undefined;
}

/** Of those that are due first. */
const looksAt = 50;

export class Unexplained {
  readonly #deps: UnexplainedDeps;
  #found: { readonly id: string; readonly since: number } | undefined;

  constructor(deps: UnexplainedDeps) {
    this.#deps = deps;
  }

  /** Since when one and the same message has waited for nothing. */
  get since(): number | undefined {
    return this.#found?.since;
  }

  /** To be called again and again. */
  look(now: number): void {
    const { lanes } = this.#deps;
    const { id } = (lanes.depth > 0 && this.#find()) || {};
    if (id !== this.#found?.id) this.#found = id === undefined ? undefined : { id, since: now };
  }

  #find(): StoredMessage | undefined {
    const { lanes, reasonOf } = this.#deps;
    const heads = lanes.due(looksAt).map(({ chat }) => lanes.head(chat));
    return heads.find((head) => head?.status === 'queued' && reasonOf(head) === undefined);
  }
}
