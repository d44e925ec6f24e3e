/** A queue in which a gateway can be killed: what is in it, and what became of it. */
import type { Report } from '../../apps/testkit/report.ts';
import { until } from '../../apps/testkit/until.ts';
import { json, post, sendText, type MessageAnswer, type World } from './stack-client.ts';

const groupsUsed = 6;

export class QueuedTexts {
  readonly #sandbox: string;
  readonly #gateway: string;
  readonly texts: readonly string[];
  readonly #ids: readonly string[];

  /** Two texts for each of some groups: when this resolves the first is on its way, and the second waits for it. */
  static async send(sandbox: string, gateway: string): Promise<QueuedTexts> {
    const { chats } = await json<World>(`${sandbox}/world`);
    const groups = chats
      .filter(({ kind, in_dialogs, banned }) => kind === 'supergroup' && in_dialogs && !banned)
      .slice(0, groupsUsed);
    const slow = { method: 'messages.sendMessage', delay_ms: 1_500, times: groups.length };
    await json(`${sandbox}/faults`, post([slow]));
    const texts: string[] = [];
    const ids: string[] = [];
    for (const { chat_id } of groups)
      for (const which of ['first', 'second']) {
        const text = `queued for ${chat_id}, ${which}`;
        const { id, status } = await sendText(gateway, chat_id, text, 0);
        if (status !== 'queued') throw new Error(`${text} is ${status}`);
        texts.push(text);
        ids.push(id);
      }
    return new QueuedTexts(sandbox, gateway, texts, ids);
  }

  private constructor(sandbox: string, gateway: string, texts: readonly string[], ids: readonly string[]) {
    this.#sandbox = sandbox;
    this.#gateway = gateway;
    this.texts = texts;
    this.#ids = ids;
  }

  /** What has arrived of them in Telegram, in alphabetical order, once each is settled as sent. */
  async arrived(): Promise<string[]> {
    await Promise.all(
      this.#ids.map((id) =>
        until(`${id} is sent`, async () => {
          const { status } = await json<MessageAnswer>(`${this.#gateway}/messages/${id}`);
          return status === 'sent';
        }),
      ),
    );
    const { delivered } = await json<Report>(`${this.#sandbox}/report`);
    return delivered
      .map(({ text }) => text)
      .filter((text) => text.startsWith('queued'))
      .sort();
  }
}
