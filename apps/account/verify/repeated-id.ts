/**
 * A send that is repeated with its random_id makes no message, and is answered with the one that is there: for a text,
 * a photo, an album and a scheduled message, from the same and from the other session, at once and a minute later. Seen
 * live for texts alone (github.com/hydrogram/hydrogram/issues/70); for the others it is documented nowhere. The outbox
 * relies on it whenever nobody can say what became of a call (gateway/outbox/attempt.ts), and gateway/telegram/sent.ts
 * reads the answer.
 */
import type { Outgoing } from '../../gateway/model/account.ts';
import { NotReached, type Belief, type Finding, type Stage } from './belief.ts';
import type { GatewaySession } from './gateway-session.ts';
import { messageOf, photo } from './messages.ts';
import { refusalIn, shownError } from './outcome-of.ts';

export interface RepeatedKind {
  readonly name: string;
  readonly sender: 'text' | 'media';
  message(now: number): Outgoing;
}

const dayMs = 86_400_000;
const laterMs = 60_000;

export const repeatedKinds = {
  text: { name: 'A text', sender: 'text', message: () => messageOf('a text that is repeated') },
  photo: {
    name: 'A photo',
    sender: 'media',
    message: () => messageOf('a photo that is repeated', { files: [photo()] }),
  },
  album: {
    name: 'An album',
    sender: 'media',
    message: () => messageOf('an album that is repeated', { files: [photo(), photo()] }),
  },
  scheduled: {
    name: 'A scheduled message',
    sender: 'text',
    message: (now) =>
      messageOf('a scheduled message that is repeated', {
        options: { scheduleAt: Math.floor((now + dayMs) / 1000) },
      }),
  },
} as const satisfies Record<string, RepeatedKind>;

/** One message and its repeats. */
export class Repeated {
  readonly #kind: RepeatedKind;
  #first: { readonly message: Outgoing; readonly ids: string; readonly sentAt: number } | undefined;
  #isRemembered = true;

  constructor(kind: RepeatedKind) {
    this.#kind = kind;
  }

  get atOnce(): Belief {
    return {
      claim: this.#claim('at once'),
      check: async (stage) => {
        const message = this.#kind.message(stage.now());
        const { messageIds } = await stage[this.#kind.sender].send(message);
        this.#first = { message, ids: messageIds.join(), sentAt: stage.now() };
        return this.#fromBoth(stage);
      },
    };
  }

  get aMinuteLater(): Belief {
    return {
      claim: this.#claim('a minute later'),
      check: async (stage) => {
        const { sentAt } = this.first();
        await stage.sleep(Math.max(0, sentAt + laterMs - stage.now()));
        return this.#fromBoth(stage);
      },
    };
  }

  /** What was sent first. @throws NotReached where a repeat has made another message, or nothing was sent */
  first(): { readonly message: Outgoing; readonly ids: string; readonly sentAt: number } {
    if (!this.#first) throw new NotReached('not asked: the first one was not sent');
    if (!this.#isRemembered) throw new NotReached('not asked: a repeat has made another message already');
    return this.#first;
  }

  #claim(when: string): string {
    return `${this.#kind.name} that is sent again ${when}, with its random_id, is answered with the message that is there`;
  }

  async #fromBoth(stage: Stage): Promise<Finding> {
    const own = stage[this.#kind.sender];
    const other = own === stage.text ? stage.media : stage.text;
    const same = await this.again(own);
    if (!same.agrees) return { ...same, answer: `same session: ${same.answer}` };
    const across = await this.again(other);
    return {
      answer: `same session: ${same.answer}; other session: ${across.answer}`,
      agrees: across.agrees,
    };
  }

  /** Sends it once more. @throws as refusalIn */
  async again(session: GatewaySession): Promise<Finding> {
    const { message, ids } = this.first();
    try {
      const { messageIds } = await session.send(message);
      this.#isRemembered = messageIds.join() === ids;
    } catch (error) {
      return { answer: shownError(refusalIn(error)), agrees: false };
    }
    return {
      answer: this.#isRemembered ? 'the message that is there' : 'another message',
      agrees: this.#isRemembered,
    };
  }
}
