/** The sessions that an account's updates are pushed to. */
import { bytesOf, TlWriter } from './tl/writer.ts';
import type { Session } from './mtproto/session.ts';
import type { TlObject } from './tl/values.ts';

/** The sessions of one account that asked for updates; those whose connection is gone are left out as they are met. */
export class Subscribers {
  private readonly sessions = new Set<Session>();

  add(session: Session): void {
    this.sessions.add(session);
  }

  delete(session: Session): void {
    this.sessions.delete(session);
  }

  /** Pushes one Updates object to every session but the one that caused it. */
  push(updates: () => TlObject, except: Session | undefined): void {
    let made: TlObject | undefined;
    for (const session of this.sessions) {
      if (!session.sink.isOpen || !session.receivesUpdates) this.sessions.delete(session);
      else if (session !== except) session.send(bytesFor((made ??= updates()), session), 'push', true);
    }
  }
}

function bytesFor(updates: TlObject, { layer }: Session): Buffer {
  return layer === undefined ? bytesOf(updates) : new TlWriter(512, layer).object(updates).finish();
}
