/** The page around the messages: list, search, drawer, languages and sizes, in a real Chromium on a real sandbox. */
import { Api } from 'telegram/tl/index.js';
import { expect, it } from 'vitest';
import { chatRow, describeInbox } from '../testing/inbox-suite.ts';
import { sendText } from '../../testkit/requests.ts';
import { DEMO_CHAT, png } from '../../testkit/sends.ts';

describeInbox('the inbox', (inbox) => {
  const toSelf = (words: string) => inbox.sender.client.call(sendText(new Api.InputPeerSelf(), words));

  it('moves a chat up as it gets a message, with a badge until somebody looks', async () => {
    const page = await inbox.open();
    await toSelf('one');
    await toSelf('two');
    await chatRow(page, 'Saved Messages').getByText('Вы: two').waitFor();
    expect(await page.locator('.chat').nth(1).innerText()).toContain('Saved Messages');
    expect(await chatRow(page, 'Saved Messages').locator('.badge').innerText()).toBe('2');
    expect(await page.title()).toBe('(2) Vestnik sandbox');
    await chatRow(page, 'Saved Messages').click();
    await page.locator('.bubble', { hasText: 'two' }).waitFor();
    await chatRow(page, 'Saved Messages').locator('.badge').waitFor({ state: 'detached' });
    await toSelf('three');
    await page.locator('.bubble', { hasText: 'three' }).waitFor();
    expect(await page.title()).toBe('Vestnik sandbox');
  });

  it('finds chats and messages, by keys alone', async () => {
    await inbox.sender.text('the lantern is lit');
    await toSelf('nothing here');
    const page = await inbox.open();
    await page.keyboard.press('/');
    await page.keyboard.type('lantern');
    await page.locator('.chat mark').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('.bubble', { hasText: 'lantern' }).waitFor();
    expect(page.url()).toContain(`${DEMO_CHAT}/1`);
    await page.keyboard.press('Escape');
    expect(await page.inputValue('#search')).toBe('');
    await page.fill('#search', 'zzzz');
    await page.getByText('По запросу «zzzz» ничего нет.').waitFor();
  });

  it('shows the code that a client asked for', async () => {
    const page = await inbox.open('#/777000');
    const settings = new Api.CodeSettings({});
    await inbox.sender.client.call(
      new Api.auth.SendCode({ phoneNumber: '9996620001', apiId: 1, apiHash: 'x', settings }),
    );
    const [{ code }] = await inbox.sandbox.get<[{ code: string }]>('/codes');
    await page.locator('.code-card', { hasText: code }).waitFor();
    await page.locator('.bubble[data-theirs]', { hasText: code }).waitFor();
  });

  it('tells how a client connects, in three libraries', async () => {
    const page = await inbox.open('#/connect', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.locator('.facts', { hasText: String(inbox.sandbox.port) }).waitFor();
    await page.waitForFunction('document.getElementById("copy-key").dataset.text.length > 0');
    await page.locator('#copy-key').click();
    await page.getByText('Скопировано').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(inbox.sandbox.publicKeyPem);
    for (const [tab, words] of [
      ['Telethon', 'set_dc'],
      ['mtcute', 'defaultDcs'],
      ['teleproto', 'setDC'],
    ]) {
      await page.getByRole('tab', { name: tab }).click();
      expect(await page.locator('.snippet pre').innerText()).toContain(words);
    }
  });

  it('changes its language, and remembers it', async () => {
    const page = await inbox.open('', { locale: 'en-GB' });
    await page.getByText('sandbox · live').waitFor();
    await page.locator('[data-action=language]').click();
    await page.getByText('песочница · на связи').waitFor();
    await page.reload();
    await page.getByText('песочница · на связи').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('ru');
  });

  it.each([
    ['ru-RU', 'dark'],
    ['en-GB', 'light'],
  ] as const)(
    'fits 320 px in %s, %s: one pane at a time, large targets, no sideways scroll',
    async (locale, colorScheme) => {
      await inbox.sender.text(`${'long'.repeat(80)} https://example.org/${'x'.repeat(200)}`);
      await inbox.sender.file({ bytes: png(1600, 200), name: `${'name'.repeat(40)}.png` }, 'caption');
      await inbox.sender.album([png(60, 40), png(40, 60), png(60, 40)], 'album');
      const viewport = { width: 320, height: 640 };
      const page = await inbox.open('', { locale, colorScheme, viewport });
      const check = async () => {
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
        const buttons =
          'header button:visible, header a:visible, .push:visible, .chat:visible, input:visible';
        for (const one of await page.locator(buttons).all()) {
          const box = await one.boundingBox();
          if (box) expect(Math.round(box.height), await one.innerHTML()).toBeGreaterThanOrEqual(44);
        }
      };
      await check();
      await chatRow(page, 'Vestnik demo').click();
      await page.locator('.bubble').first().waitFor();
      expect(await page.locator('.side').isVisible()).toBe(false);
      await check();
      await page.locator('main [data-action=panel]').click();
      await page.locator('#active p').waitFor();
      await check();
      await page.locator('[data-action=close-panel]').click();
      await page.locator('.talk-head .back').click();
      await page.locator('.side').waitFor();
      await page.locator('#open-connect').click();
      await page.locator('.card .back').waitFor();
      await check();
    },
  );
});
