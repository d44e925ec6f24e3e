/** Reading a conversation: page by page, as it grows, and after the stream was lost, in a real Chromium. */
import type { Page } from 'playwright-core';
import { Api } from 'telegram/tl/index.js';
import { expect, it } from 'vitest';
import { cutLine } from '../../../testkit/cut-line.ts';
import { bubble, describeInbox } from '../../testing/inbox-suite.ts';
import { DEMO_CHAT } from '../../../testkit/sends.ts';

const until = { timeout: 10_000 };

describeInbox('reading in the inbox', (inbox) => {
  const hear = (text: string) =>
    inbox.sandbox.post('/incoming', { chat_id: DEMO_CHAT, from: '777000', text });
  const send = async (count: number) => {
    for (let index = 1; index <= count; index++) await inbox.sender.text(`no ${index}.`);
  };
  const firstId = (page: Page) => page.locator('.bubble').first().getAttribute('id');

  const chatCount = (page: Page) => page.locator('.chat').first().getAttribute('aria-setsize');

  /** Scrolls to the top until the first message is the one that is wanted. */
  const readUpTo = async (page: Page, wanted: string) => {
    for (let id = await firstId(page); id !== wanted; id = await firstId(page)) {
      await page.evaluate("document.getElementById('scroll').scrollTop = 0");
      await expect.poll(() => firstId(page), until).not.toBe(id);
      expect(await page.locator('.bubble').count()).toBeLessThanOrEqual(320);
    }
  };
  /** How far below the top of the window a message stands. */
  const topOf = async (page: Page, words: string) => (await bubble(page, words).boundingBox())!.y;
  const toMiddle = async (page: Page, words: string) => {
    const found = `[...document.querySelectorAll('.bubble')].find((one) => one.innerText.includes('${words}'))`;
    await page.evaluate(`${found}.scrollIntoView({ block: 'center' })`);
    await page.locator('#to-end').waitFor();
    return topOf(page, words);
  };

  it('catches up after a lost connection, with nothing missing and nothing twice', async () => {
    await using line = await cutLine(inbox.sandbox.httpPort);
    const page = await inbox.browser.open(line, `#/${DEMO_CHAT}`);
    await inbox.sender.text('before');
    await page.locator('.bubble', { hasText: 'before' }).waitFor();
    line.cut();
    await page.getByText('нет связи').waitFor();
    for (let index = 0; index < 5; index++) await inbox.sender.text(`missed ${index}`);
    line.mend();
    await inbox.sender.text('after');
    await page.locator('.bubble', { hasText: 'after' }).waitFor();
    const shown = (await page.locator('.bubble').allInnerTexts()).map((words) => words.split('\n')[0]);
    expect(shown).toEqual(['before', ...[0, 1, 2, 3, 4].map((index) => `missed ${index}`), 'after']);
  });

  it(
    'stays small with 2,000 chats and 1,500 messages, and reaches both ends',
    { timeout: 90_000 },
    async () => {
      await inbox.sandbox.post('/world', { dialogs: 2000 });
      const page = await inbox.open(`#/${DEMO_CHAT}`);
      for (let round = 0; round < 30; round++) {
        await Promise.all(
          Array.from({ length: 50 }, (_, index) => inbox.sender.text(`no ${round * 50 + index}`)),
        );
      }
      await page.locator('#counters', { hasText: '1 500' }).waitFor();
      await page.locator('[id="message-1500"]').waitFor(); // Only now the page has caught up.
      const scroll = (id: string, to: string) =>
        page.evaluate(`document.getElementById('${id}').scrollTop = ${to}`);
      const count = (selector: string) => page.locator(selector).count();
      await readUpTo(page, 'message-1');
      await page.locator('#to-end').click();
      await page.locator('[id="message-1500"]').waitFor();
      await scroll('chats', '1e9');
      expect(await count('.row')).toBeLessThan(40);
      await page.locator('[aria-posinset="2000"]').waitFor();
    },
  );

  it('goes up through what others wrote as through what was sent', async () => {
    for (let index = 1; index <= 100; index++) {
      await hear(`heard ${index}.`);
      await inbox.sender.text(`sent ${index}.`);
    }
    const page = await inbox.openChat();
    await readUpTo(page, 'message-in-1');
    const texts = await page.locator('.bubble .words').allInnerTexts();
    const both = Array.from({ length: 100 }, (_, index) => [`heard ${index + 1}.`, `sent ${index + 1}.`]);
    expect(texts).toEqual(both.flat());
  });

  it('leaves the reader where they are when the world changes, and when others write', async () => {
    await send(60);
    const page = await inbox.openChat();
    const before = await toMiddle(page, 'no 30.');
    const chats = await chatCount(page);
    await inbox.sandbox.post('/world', { dialogs: 12 });
    await expect.poll(() => chatCount(page), until).not.toBe(chats);
    await hear('a late answer');
    await bubble(page, 'a late answer').waitFor({ state: 'attached' });
    expect(Math.abs((await topOf(page, 'no 30.')) - before)).toBeLessThan(2);
    expect(await page.locator('#to-end').isVisible()).toBe(true);
  });

  it('leaves the reader where they are when the stream comes back, and at the end only who was there', async () => {
    await using line = await cutLine(inbox.sandbox.httpPort);
    await send(60);
    const reading = await inbox.browser.open(line, `#/${DEMO_CHAT}`);
    const following = await inbox.browser.open(line, `#/${DEMO_CHAT}`);
    await bubble(following, 'no 60.').waitFor();
    await bubble(reading, 'no 60.').waitFor();
    const before = await toMiddle(reading, 'no 30.');
    line.cut();
    for (const page of [reading, following]) await page.getByText('нет связи').waitFor();
    for (let index = 1; index <= 5; index++) await inbox.sender.text(`missed ${index}.`);
    line.mend();
    await bubble(following, 'missed 5.').waitFor();
    await bubble(reading, 'missed 5.').waitFor({ state: 'attached' });
    expect(Math.abs((await topOf(reading, 'no 30.')) - before)).toBeLessThan(2);
    await following.locator('#to-end').waitFor({ state: 'hidden' });
    expect(await topOf(following, 'missed 5.')).toBeLessThan(900);
  });

  it('shows at once what became of a message far up', async () => {
    await send(120);
    const page = await inbox.openChat();
    await readUpTo(page, 'message-1');
    const { client, peer } = inbox.sender;
    const { messages } = await inbox.sandbox.get<{ messages: { message_id: number }[] }>(
      `/api/chats/${DEMO_CHAT}/messages?around=2`,
    );
    const id = messages[1]!.message_id;
    await client.call(new Api.messages.EditMessage({ peer, id, message: 'said anew' }));
    await bubble(page, 'said anew').getByText('изменено').waitFor();
  });
});
