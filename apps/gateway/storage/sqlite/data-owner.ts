/** Stored data belongs to one account on one Telegram, the real or a simulated one, and refuses any other. */
import { reason, ReasonError, type Reason } from '../../../kit/reason.ts';
import { StartError } from '../../../kit/run.ts';
import type { Database } from './database.ts';
import { inTransaction } from './transaction.ts';

export type Realm = 'telegram' | 'sandbox';

/**
 * Marks the data as of `realm`.
 * @throws StartError when it has served the other one
 */
export function claimRealm(db: Database, account: string, realm: Realm): void {
  inTransaction(db, () => {
    const insert =
      'INSERT INTO origin (account, realm) VALUES (:account, :realm) ON CONFLICT (account) DO NOTHING';
    db.prepare(insert).run({ account, realm });
    refuseOtherRealm(db, realm);
  });
}

/** @throws StartError when the data has served the other realm */
export function refuseOtherRealm(db: Pick<Database, 'prepare'>, realm: Realm): void {
  const other = db.prepare('SELECT realm FROM origin WHERE realm <> :realm LIMIT 1').get({ realm });
  if (!other) return;
  const names = { telegram: 'real Telegram', sandbox: 'the sandbox' };
  const [was, is] = [names[(other as { realm: Realm }).realm], names[realm]];
  throw new StartError(`DATA_DIR has served ${was} and cannot serve ${is}: set DATA_DIR to another folder`);
}

/**
 * Marks the data as of the Telegram user who signed in.
 * @throws Error when it is of another one
 */
export function claimUser(db: Database, account: string, userId: string): void {
  const own = { account, userId };
  db.prepare('UPDATE origin SET user_id = :userId WHERE account = :account AND user_id IS NULL').run(own);
  const mine = db.prepare('SELECT 1 FROM origin WHERE account = :account AND user_id = :userId').get(own);
  if (!mine) throw new ReasonError(otherUser(account));
}

/** The session and the data are of two Telegram users. */
export function otherUser(account: string): Reason {
  return reason('other_account', { account });
}

/** Id of the user the data belongs to, once one has signed in. */
export function ownUserId(db: Pick<Database, 'prepare'>, account: string): string | undefined {
  const row = db.prepare('SELECT user_id FROM origin WHERE account = ?').get(account);
  return (row as { user_id: string | null } | undefined)?.user_id ?? undefined;
}
