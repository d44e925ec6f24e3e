/** What a caller, an operator and a developer ask of a running stack. */
import { openAsBlob } from 'node:fs';
import { fileURLToPath } from 'node:url';

const samplePhoto = fileURLToPath(new URL('../samples/photo.jpg', import.meta.url));

/** What a gateway answers to a send, and when it is asked about a message. */
export interface MessageAnswer {
  readonly id: string;
  readonly status: string;
  readonly sandbox?: boolean;
}

/** The chats that the sandbox knows. */
export interface World {
  readonly chats: readonly {
    readonly chat_id: string;
    readonly kind: string;
    readonly in_dialogs: boolean;
    readonly banned: boolean;
  }[];
}

/** A service in the monitor's list. */
export interface ServiceView {
  readonly name: string;
  readonly supervisor: string;
  readonly state: string;
  readonly memory_bytes: number | null;
  readonly cpu_percent: number | null;
  readonly restarts: number | null;
  readonly health: { readonly status: string } | null;
  readonly alert: { readonly reason: string; readonly misses: number } | null;
  readonly control: { readonly available: boolean; readonly reason: string | null };
}

/** A line in the monitor's feed. */
export interface LogLine {
  readonly service: string;
  readonly level: string;
  readonly class: string;
  readonly message: string;
}

/** Sends a text and waits for its delivery, unless `wait` says otherwise. */
export async function sendText(url: string, chatId: string, text: string, wait = 30): Promise<MessageAnswer> {
  return json(`${url}/send_text`, post({ chat_id: chatId, text, wait }));
}

/** Sends the sample photo as a caller's form does. */
export async function sendPhoto(url: string, chatId: string, caption: string): Promise<MessageAnswer> {
  const body = new FormData();
  body.set('chat_id', chatId);
  body.set('caption', caption);
  body.set('file', await openAsBlob(samplePhoto), 'photo.jpg');
  return json(`${url}/send_media`, { method: 'POST', body });
}

/** A JSON body to POST. */
export function post(body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

/** The JSON of an answer. @throws when it is an error */
export async function json<T>(url: string, init: RequestInit = {}): Promise<T> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(45_000), ...init });
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${init.method ?? 'GET'} ${url}: ${answer.status} ${body.slice(0, 500)}`);
  return JSON.parse(body) as T;
}

/** An operator's view of the monitor at `url`. */
export class Operator {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(url: string, password: string) {
    this.#url = url;
    this.#headers = { authorization: `Basic ${btoa(`admin:${password}`)}` };
  }

  services(): Promise<ServiceView[]> {
    return json(`${this.#url}/api/services`, { headers: this.#headers });
  }

  async service(name: string): Promise<ServiceView> {
    return (await this.services()).find((service) => service.name === name)!;
  }

  logs(): Promise<LogLine[]> {
    return json(`${this.#url}/api/logs`, { headers: this.#headers });
  }

  act(name: string, action: string, body: object = {}): Promise<unknown> {
    return json(`${this.#url}/api/services/${name}/${action}`, post(body, this.#headers));
  }
}
