/** The page around the messages: list, search, drawer, languages and sizes, in a real Chromium on a real sandbox. */
import { Api } from 'telegram/tl/index.js';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromiumReason, hasChromium, InboxBrowser } from '../testing/browser.ts';
import { cutLine } from '../testing/cut-line.ts';
import { startSandbox, type TestSandbox } from '../testing/harness.ts';
import { sendText } from '../testing/requests.ts';
import { DEMO_CHAT, png, senderTo, type Sender } from '../testing/sends.ts';

describe.skipIf(!hasChromium)(`the inbox${chromiumReason}`, { timeout: 60_000 }, () => {
  const browser = new InboxBrowser();
  let sandbox: TestSandbox;
  let sender: Sender;

  beforeAll(() => browser.start());
  afterAll(() => browser.stop());
  beforeEach(async () => {
    sandbox = await startSandbox();
    sender = await senderTo(sandbox);
  });
  afterEach(async () => {
    const problems = await browser.closePages();
    await sandbox.dispose();
    expect(problems).toEqual([]);
  });

  const row = (page: Page, title: string) => page.locator('.chat', { hasText: title });
  const bubbles = (page: Page) => page.locator('.bubble').allInnerTexts();
  const toSelf = (words: string) => sender.client.call(sendText(new Api.InputPeerSelf(), words));

  it('moves a chat up as it gets a message, with a badge until somebody looks', async () => {
    const page = await browser.open(sandbox);
    await toSelf('one');
    await toSelf('two');
    await row(page, 'Saved Messages').getByText('Вы: two').waitFor();
    expect(await page.locator('.chat').nth(1).innerText()).toContain('Saved Messages');
    expect(await row(page, 'Saved Messages').locator('.badge').innerText()).toBe('2');
    expect(await page.title()).toBe('(2) Vestnik sandbox');
    await row(page, 'Saved Messages').click();
    await page.locator('.bubble', { hasText: 'two' }).waitFor();
    await row(page, 'Saved Messages').locator('.badge').waitFor({ state: 'detached' });
    await toSelf('three');
    await page.locator('.bubble', { hasText: 'three' }).waitFor();
    expect(await page.title()).toBe('Vestnik sandbox');
  });

  it('catches up after a lost connection, with nothing missing and nothing twice', async () => {
    await using line = await cutLine(sandbox.httpPort);
    const page = await browser.open(line, `#/${DEMO_CHAT}`);
    await sender.text('before');
    await page.locator('.bubble', { hasText: 'before' }).waitFor();
    line.cut();
    await page.getByText('нет связи').waitFor();
    for (let index = 0; index < 5; index++) await sender.text(`missed ${index}`);
    line.mend();
    await sender.text('after');
    await page.locator('.bubble', { hasText: 'after' }).waitFor();
    const shown = (await bubbles(page)).map((words) => words.split('\n')[0]);
    expect(shown).toEqual(['before', ...[0, 1, 2, 3, 4].map((index) => `missed ${index}`), 'after']);
  });

  it(
    'stays small with 2,000 chats and 1,500 messages, and reaches both ends',
    { timeout: 90_000 },
    async () => {
      await sandbox.post('/world', { dialogs: 2000 });
      const page = await browser.open(sandbox, `#/${DEMO_CHAT}`);
      for (let round = 0; round < 30; round++) {
        await Promise.all(Array.from({ length: 50 }, (_, index) => sender.text(`no ${round * 50 + index}`)));
      }
      await page.locator('#counters', { hasText: '1 500' }).waitFor();
      await page.locator('[id="message-1500"]').waitFor(); // Only now the page has caught up.
      const scroll = (id: string, to: string) =>
        page.evaluate(`document.getElementById('${id}').scrollTop = ${to}`);
      const count = (selector: string) => page.locator(selector).count();
      for (let round = 0; round < 40 && (await page.locator('[id="message-1"]').count()) === 0; round++) {
        await scroll('scroll', '0');
        await page.waitForTimeout(60);
        expect(await count('.bubble')).toBeLessThanOrEqual(320);
      }
      await page.locator('[id="message-1"]').waitFor();
      await page.locator('#to-end').click();
      await page.locator('[id="message-1500"]').waitFor();
      await scroll('chats', '1e9');
      expect(await count('.row')).toBeLessThan(40);
      await page.locator('[aria-posinset="2000"]').waitFor();
    },
  );

  it('finds chats and messages, by keys alone', async () => {
    await sender.text('the lantern is lit');
    await toSelf('nothing here');
    const page = await browser.open(sandbox);
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

  it('sets faults by hand, counts what they hit, and takes them out again', async () => {
    const page = await browser.open(sandbox, `#/${DEMO_CHAT}`);
    await page.locator('main [data-action=panel]').click();
    await page.fill('[name=method]', 'messages.sendMessage');
    await page.locator('[data-preset=FLOOD_WAIT_26]').click();
    await page.fill('[name=times]', '2');
    await page.getByText('Добавить сбой').click();
    await page.locator('.active', { hasText: '2 вызова осталось' }).waitFor();
    await expect(sender.text('x')).rejects.toMatchObject({
      errorMessage: expect.stringContaining('FLOOD') as string,
    });
    await page.locator('.active', { hasText: '1 вызов остался' }).waitFor();
    await page.locator('.bars.bad', { hasText: 'FLOOD_WAIT' }).waitFor();
    await page.locator('.service', { hasText: 'FLOOD_WAIT_26' }).waitFor();
    await page.locator('.active button').click();
    await page.getByText('Сбоев и лимитов нет').waitFor();
    await sender.text('y');
    await page.locator('.bubble', { hasText: 'y' }).waitFor();
  });

  it('shows at its field what a fault or limit cannot be', async () => {
    const page = await browser.open(sandbox, '', { locale: 'en-GB' });
    await page.keyboard.press('f');
    const submit = (label: string) => page.getByText(label, { exact: true }).click();
    const wrong = (name: string) => page.locator(`.field:has([name="${name}"]) em`).innerText();
    await submit('Add fault');
    expect(await wrong('error')).toContain('choose an error');
    await page.fill('[name=error]', 'PEER_FLOOD');
    await page.fill('[name=method]', '1bad');
    await submit('Add fault');
    await page.locator('em', { hasText: 'takes a method' }).waitFor();
    expect(await wrong('method')).toContain('takes a method');
    await page.fill('[name="account.per_second"]', 'many');
    await submit('Set limits');
    expect(await wrong('account.per_second')).toContain('above 0');
    await page.fill('[name="account.per_second"]', '5');
    await submit('Set limits');
    await page.locator('.active', { hasText: '5/s' }).waitFor();
    expect(await sandbox.get('/limits')).toEqual({ account: { per_second: 5, burst: 5 } });
    await page.keyboard.press('Escape');
    await page.locator('#panel').waitFor({ state: 'hidden' });
  });

  it('bans and floods at once, cuts after the next send, and resets when asked twice', async () => {
    const page = await browser.open(sandbox, `#/${DEMO_CHAT}`);
    await page.keyboard.press('f');
    await page.getByText('Бан в этом чате').click();
    await page.getByText('Снять бан в чате').waitFor();
    await expect(sender.text('x')).rejects.toMatchObject({ errorMessage: 'USER_BANNED_IN_CHANNEL' });
    await page.getByText('Flood на getDialogs').click();
    await page.getByText('Обрыв после отправки').click();
    await page.locator('.active li').nth(1).waitFor();
    const faults = await sandbox.get<{ method: string }[]>('/faults');
    expect(faults.map(({ method }) => method)).toEqual(['messages.getDialogs', 'messages.sendMessage']);
    await page.getByText('Сбросить всё').click();
    await page.getByText('Нажмите ещё раз').click();
    await page.getByText('Сбоев и лимитов нет').waitFor();
    expect(await sandbox.get('/faults')).toEqual([]);
  });

  it('shows the code that a client asked for', async () => {
    const page = await browser.open(sandbox, '#/777000');
    const settings = new Api.CodeSettings({});
    await sender.client.call(
      new Api.auth.SendCode({ phoneNumber: '9996620001', apiId: 1, apiHash: 'x', settings }),
    );
    const [{ code }] = await sandbox.get<[{ code: string }]>('/codes');
    await page.locator('.code-card', { hasText: code }).waitFor();
    await page.locator('.bubble[data-theirs]', { hasText: code }).waitFor();
  });

  it('tells how a client connects, in three libraries', async () => {
    const page = await browser.open(sandbox, '#/connect', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.locator('.facts', { hasText: String(sandbox.port) }).waitFor();
    await page.waitForFunction('document.getElementById("copy-key").dataset.text.length > 0');
    await page.locator('#copy-key').click();
    await page.getByText('Скопировано').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(sandbox.publicKeyPem);
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
    const page = await browser.open(sandbox, '', { locale: 'en-GB' });
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
      await sender.text(`${'long'.repeat(80)} https://example.org/${'x'.repeat(200)}`);
      await sender.file({ bytes: png(1600, 200), name: `${'name'.repeat(40)}.png` }, 'caption');
      await sender.album([png(60, 40), png(40, 60), png(60, 40)], 'album');
      const viewport = { width: 320, height: 640 };
      const page = await browser.open(sandbox, '', { locale, colorScheme, viewport });
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
      await row(page, 'Vestnik demo').click();
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
