/**
 * The sessions that an account's updates are pushed to: of each auth key one, at the data centre of the account
 * (core.telegram.org/api/updates, "Subscribing to updates").
 */
import { signedInKey, type AuthKey } from '../mtproto/auth-keys.ts';
import { sessionsOf, type Session } from '../mtproto/session.ts';
import type { TlObject } from '../tl/values.ts';
import { bytesOf } from '../tl/writer.ts';

const maxSessionsPerKey = 10;

/** The sessions of one account by their permanent key; the one that called last is the last. */
export class Subscribers {
  readonly #accountId: bigint;
  readonly #dc: number;
  readonly #byKey = new Map<AuthKey, Session[]>();

  constructor(account: { id: bigint; dc: number }) {
    this.#accountId = account.id;
    this.#dc = account.dc;
  }

  /** Takes note that a session called a method of the account. */
  add(session: Session): void {
    if (session.authKey.dc !== this.#dc) return;
    const authKey = signedInKey(session.authKey);
    const earlier = this.#byKey.get(authKey) ?? [];
    if (earlier.at(-1) === session) return;
    const others = earlier.filter((other) => other !== session).slice(1 - maxSessionsPerKey);
    this.#byKey.set(authKey, [...others, session]);
  }

  /** Pushes one Updates object to a session of every key but the one whose session caused it. */
  push(updates: () => TlObject, cause: Session | undefined): void {
    const causingKey = cause && signedInKey(cause.authKey);
    let made: TlObject | undefined;
    for (const [authKey, sessions] of this.#byKey) {
      if (authKey.accountId !== this.#accountId) this.#byKey.delete(authKey);
      else if (authKey !== causingKey) {
        const session = sessions.findLast(isLive) ?? sessions.findLast(isKnown);
        if (session?.takesUpdate()) session.send(bytesOf((made ??= updates()), session.layer), 'push', true);
      }
    }
  }
}

function isLive(session: Session): boolean {
  return session.sink.isOpen && isKnown(session);
}

/** A session that is between two connections gets its updates when it is back. */
function isKnown(session: Session): boolean {
  return sessionsOf(session.authKey).get(session.id) === session;
}
