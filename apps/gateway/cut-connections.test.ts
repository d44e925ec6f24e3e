/**
 * A cut connection is nobody's fault: what it took with it goes out as soon as there is another one, which is opened within the
 * limits of politeness. CUT_SECONDS lets the load last longer than in the tests.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { startSandbox } from '../testkit/sandbox.ts';
import { startTestGateway } from '../testkit/stack.ts';

const seconds = Number(process.env.CUT_SECONDS ?? 6);
const perSecond = 100;
const callers = 6;
const dialogs = 60;

interface Dialog {
  readonly chat_id: string;
  readonly in_dialogs: boolean;
}

/** The most connections that were opened in so many whole seconds. */
function mostWithin(windowS: number, connections: readonly { at: string; count: number }[]): number {
  const opened = connections.map(({ at, count }) => ({ second: Date.parse(at) / 1000, count }));
  const within = ({ second }: { second: number }) =>
    opened.filter((each) => each.second >= second && each.second < second + windowS);
  return Math.max(...opened.map((first) => within(first).reduce((sum, { count }) => sum + count, 0)));
}

it.each([
  { cut: '6 % of the sends', probability: 0.06, most: 5, windowS: 5 },
  { cut: 'every send', probability: 1, most: 3, windowS: 8 },
])(
  'with $cut cut opens at most $most connections in $windowS s, and delivers all within 10 s of the last cut',
  async ({ probability, most, windowS }) => {
    const sandbox = await startSandbox();
    await sandbox.post('/world', { dialogs, users: 20, banned: [], unknown: [], usernames: {} });
    const gateway = await startTestGateway('text', sandbox, temporaryFolder());
    await gateway.untilWarm();
    const { chats } = await sandbox.get<{ chats: Dialog[] }>('/world');
    // A basic chat that became a supergroup takes nothing.
    const targets = chats
      .filter(({ chat_id, in_dialogs }) => in_dialogs && chat_id !== '-4077')
      .map(({ chat_id }) => chat_id);
    await sandbox.post('/reset');
    const cuts = { method: 'messages.sendMessage', drop: 'before', probability, for_seconds: seconds };
    await sandbox.post('/faults', [cuts]);
    const lastCutAt = Date.now() + seconds * 1000;
    const accepted = new Map<string, string[]>(targets.map((chat) => [chat, []]));
    const everyMs = (1000 * callers) / perSecond;
    const caller = async (nth: number) => {
      for (let count = nth, at = Date.now(); Date.now() < lastCutAt; count += callers, at += everyMs) {
        const chat = targets[count % targets.length]!;
        const text = `${count}`;
        const { status } = await gateway.post('/send_text', { chat_id: chat, text, wait: 0 });
        if (status < 300) accepted.get(chat)!.push(text);
        await sleep(Math.max(0, at + everyMs - Date.now()));
      }
    };
    await Promise.all(Array.from({ length: callers }, (_, nth) => caller(nth)));
    await gateway.untilSettled(60_000);
    const { delivered, connections } = await sandbox.report();
    const lateMs = Math.max(...delivered.map(({ at }) => Date.parse(at))) - lastCutAt;
    const sent = new Map<string, string[]>(targets.map((chat) => [chat, []]));
    for (const { chat_id, text } of delivered) sent.get(chat_id)!.push(text);
    expect(sent).toEqual(accepted);
    expect(mostWithin(windowS, connections)).toBeLessThanOrEqual(most);
    expect(lateMs).toBeLessThan(10_000);
    if (process.env.CUT_SECONDS)
      console.log({
        probability,
        delivered: delivered.length,
        lateMs,
        most: mostWithin(windowS, connections),
      });
  },
  120_000,
);
