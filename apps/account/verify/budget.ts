/** How many messages may be made: each is paid for before the call that may make it. */

/** The next message would be one too many. */
export class BudgetSpent extends Error {
  override name = 'BudgetSpent';
}

export class Budget {
  readonly #most: number;
  #spent = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Pays for `count` messages. @throws BudgetSpent where there would be more than allowed */
  spend(count: number): void {
    if (this.#spent + count > this.#most) throw new BudgetSpent(`all ${this.#most} messages are spent`);
    this.#spent += count;
  }

  /** Of those paid for, so many were not made. */
  giveBack(count: number): void {
    this.#spent -= count;
  }
}
