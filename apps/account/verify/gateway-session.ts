/** The session of one gateway, with the gateway's own connection, uploads and requests: it is these that are checked. */
import type { Api } from 'telegram/tl/index.js';
import type { Outgoing, PeerAddress, Sent } from '../../gateway/model/account.ts';
import {
  createMtprotoAccount,
  type AccountOptions,
  type OpenAccount,
} from '../../gateway/telegram/mtproto-account.ts';
import type { ServiceName } from '../../gateway/telegram/session-file.ts';
import { StartError } from '../../kit/run.ts';
import type { Sends } from './sends.ts';

/** Saved Messages. */
export const me: PeerAddress = { chatId: 'me', kind: 'self', accessHash: '0' };

export interface TimedSent extends Sent {
  /** From the call that sends to its answer, in milliseconds. */
  readonly tookMs: number;
}

const readyWithinMs = 30_000;

export class GatewaySession {
  readonly service: ServiceName;
  readonly dcId: number;
  /** What the server told this session without being asked. */
  pushes = 0;
  /** How the answers to sends were made up, and how many were so. */
  readonly forms = new Map<string, number>();
  readonly #sends: Sends;
  readonly #account: OpenAccount;

  /** Starts connecting at once. */
  constructor(service: ServiceName, options: AccountOptions, sends: Sends) {
    this.service = service;
    this.dcId = options.dcId;
    this.#sends = sends;
    const onAnswer = (answer: Api.TypeUpdates) => {
      const form = formOf(answer);
      this.forms.set(form, (this.forms.get(form) ?? 0) + 1);
    };
    this.#account = createMtprotoAccount({ ...options, onAnswer, onPushed: () => this.pushes++ });
  }

  /** Resolves once it is signed in. @throws StartError where it cannot be */
  ready(): Promise<void> {
    const { service } = this;
    return new Promise((resolve, reject) => {
      const account = this.#account;
      const ended = (settle: () => void) => {
        clearTimeout(late);
        stop();
        settle();
      };
      const look = () => {
        const { phase, reason } = account.state;
        if (phase === 'ready') ended(resolve);
        else if (['signed_out', 'frozen', 'closed'].includes(phase))
          ended(() => reject(new StartError(`${service}: ${reason ?? phase}`)));
      };
      const late = setTimeout(
        () =>
          ended(() => reject(new StartError(`${service}: ${account.state.reason ?? 'not connected yet'}`))),
        readyWithinMs,
      );
      const stop = account.onChange(look);
      look();
    });
  }

  /** Sends to Saved Messages as the gateway does; `onUploaded` is called when its files are there. @throws as Account.send */
  async send(message: Outgoing, onUploaded: () => void = () => {}): Promise<TimedSent> {
    const done = Promise.withResolvers<void>();
    try {
      const files = await this.#account.upload(me, message);
      onUploaded();
      await this.#sends.turn(message, done.promise);
      const calledAt = performance.now();
      const sent = await this.#account.send(me, message, files);
      this.#sends.note(message, sent);
      return { ...sent, tookMs: performance.now() - calledAt };
    } finally {
      done.resolve();
    }
  }

  /** Calls a method that sends no message. @throws as Connection.call */
  call<T>(request: Api.AnyRequest): Promise<T> {
    return this.#account.call<T>(request);
  }

  close(): Promise<void> {
    return this.#account.close();
  }
}

/** The constructors that an answer is made of, each once. */
function formOf(answer: Api.TypeUpdates): string {
  if (!('updates' in answer)) return answer.className;
  const parts = new Set(answer.updates.map(({ className }) => className));
  return `${answer.className} of ${[...parts].sort().join(', ')}`;
}
