/** A caller as it should be: one chat, one message after another, each repeated with its key until it is accepted. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Letter {
  readonly key: string;
  /** What Telegram is to show of it, in order: a text, or the name and the hash of each file. */
  readonly shown: readonly string[];
  readonly path: string;
  readonly body: () => { readonly data: string | FormData; readonly type?: string };
}

export interface Accepted extends Letter {
  /** What the gateway calls it. */
  readonly id: string;
}

export interface CallerSettings {
  readonly chat: string;
  readonly gateway: 'text' | 'media';
  /** Of the gateway, asked for before each request. */
  readonly url: () => string;
  /** Between two messages. */
  readonly pauseMs?: number;
  /** Told of each request that has to be repeated. */
  readonly onRepeat?: () => void;
}

const requestTimeoutMs = 40_000;
const repeatAfterMs = 50;

export class Caller {
  readonly accepted: Accepted[] = [];
  readonly settings: CallerSettings;

  constructor(settings: CallerSettings) {
    this.settings = settings;
  }

  /** Sends until aborted. What was not accepted by then comes first the next time. @throws Error when it is refused */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.sendNext(signal);
      await sleep(this.settings.pauseMs ?? 0);
    }
  }

  /** Sends one message, however often it takes. */
  async sendNext(signal: AbortSignal): Promise<void> {
    const letter = this.#letter(this.accepted.length);
    while (!signal.aborted) {
      const id = await this.#post(letter, signal);
      if (id !== undefined) return void this.accepted.push({ ...letter, id });
      this.settings.onRepeat?.();
      await sleep(repeatAfterMs);
    }
  }

  /** The id it got, or undefined when there was no answer, or one that says to come again. */
  async #post(letter: Letter, stop: AbortSignal): Promise<string | undefined> {
    const { data, type } = letter.body();
    let response: Response;
    let answer: { id: string; detail?: string };
    try {
      response = await fetch(this.settings.url() + letter.path, {
        method: 'POST',
        headers: { 'idempotency-key': letter.key, ...(type && { 'content-type': type }) },
        body: data,
        signal: AbortSignal.any([stop, AbortSignal.timeout(requestTimeoutMs)]),
      });
      answer = (await response.json()) as typeof answer;
    } catch {
      return undefined;
    }
    if (response.ok) return answer.id;
    if (response.status >= 500) return undefined;
    throw new Error(`${letter.key} was refused: ${response.status} ${answer.detail}`);
  }

  #letter(number: number): Letter {
    const { chat, gateway } = this.settings;
    const key = `${chat}/${number}`;
    // Half of them wait until they are sent, half do not.
    const fields = { chat_id: chat, wait: number % 2 === 0 ? 0 : 30 };
    return gateway === 'text' ? textLetter(key, number, fields) : mediaLetter(key, number, fields);
  }
}

interface Fields {
  readonly chat_id: string;
  readonly wait: number;
}

function textLetter(key: string, number: number, fields: Fields): Letter {
  const text = `${key} `.padEnd(1 + ((number * 997) % 4000), 'x').trim();
  const data = JSON.stringify({ ...fields, text });
  return { key, shown: [text], path: '/send_text', body: () => ({ data, type: 'application/json' }) };
}

/** A file, and every fourth time an album of two. */
function mediaLetter(key: string, number: number, fields: Fields): Letter {
  const files = Array.from({ length: number % 4 === 3 ? 2 : 1 }, (_, index) => {
    const name = `${key.replace('/', ' ')} ${index}.bin`;
    return { name, data: Buffer.alloc(1 + ((number * 7919) % 50_000), name) };
  });
  const body = () => {
    const form = new FormData();
    for (const [field, value] of Object.entries(fields)) form.set(field, String(value));
    const album = files.map((_, index) => ({ file: `file${index}`, kind: 'document' }));
    if (files.length > 1) form.set('album', JSON.stringify(album));
    for (const [index, { name, data }] of files.entries())
      form.set(files.length > 1 ? `file${index}` : 'file', new Blob([data]), name);
    return { data: form };
  };
  return {
    key,
    shown: files.map(({ name, data }) => shownFile(name, sha256(data))),
    path: '/send_media',
    body,
  };
}

/** How a file stands in `shown`. */
export function shownFile(name: string, hash: string): string {
  return `${name} ${hash}`;
}

/** In hexadecimal digits. */
export function sha256(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
