/** An operator's usual hour on the page, on the stack that `npm start` runs. The tests build on one another. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { says } from '../../monitor/testing/dashboard-suite.ts';
import { describePage, eventually, lookAt } from '../testing/page-stack.ts';

const demo = '-1003833950795';
const duty = '-4021';
const nowhere = '-1009999999991';

describePage('the page of the whole stack', {}, (stack) => {
  const card = (page: Page, name = 'send-text') => page.locator(`[data-service=${name}]`);
  const press = (page: Page, action: string, name?: string) =>
    card(page, name).locator(`[data-action=${action}]`).click();
  const fact = (page: Page, words: string, name?: string) =>
    card(page, name).locator('.facts > div', { hasText: words }).locator('dd').first();
  const rows = async (page: Page) =>
    (await page.locator('.row .row-message').allInnerTexts()).map((text) => text.trim());

  it('is shown to nobody who gives a wrong password, or none', async () => {
    expect((await fetch(stack.url)).status).toBe(401);
    const stranger = await stack.blank({ httpCredentials: { username: 'admin', password: 'wrong' } });
    const answer = await stranger.goto(stack.url);
    expect(answer!.status()).toBe(401);
    expect(await stranger.locator('.card, script').count()).toBe(0);
  });

  it('paints soon and weighs little', async () => {
    await stack.open(); // What is measured is the page, not the first start of the browser's processes.
    const page = await stack.blank();
    await page.addInitScript(`
      new MutationObserver((_, observer) => {
        if (!document.querySelector('.card .facts dd')?.textContent) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => (window.shownMs = performance.now())));
      }).observe(document, { childList: true, subtree: true, characterData: true });`);
    await page.goto(stack.url);
    await eventually(() => page.evaluate('window.shownMs')).toBeTypeOf('number');
    const [painted, shown, weight] = await page.evaluate<[number, number, number]>(`[
      performance.getEntriesByName('first-contentful-paint')[0].startTime,
      window.shownMs,
      [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .filter(({ name }) => !name.includes('/api/'))
        .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
    ]`);
    const figures = `first paint ${painted.toFixed(0)} ms, cards ${shown.toFixed(0)} ms`;
    console.info(`${figures}, ${(weight / 1000).toFixed(1)} kB compressed`);
    expect(weight).toBeGreaterThan(20_000);
    expect(weight).toBeLessThan(100_000);
  });

  it('shows both sending, what was sent as soon as it was, and where every message is', async () => {
    const page = await stack.open();
    await says(page, '#status', 'Всё отправляется');
    for (const name of ['send-text', 'send-media'])
      expect(await fact(page, 'последняя отправка', name).innerText()).toBe('ещё не было');
    const text = await stack.sendText({ chat_id: demo, text: 'Hello' });
    const photo = await stack.sendPhoto({ chat_id: duty, caption: 'Hello' });
    expect([text, photo]).toMatchObject([{ status: 'sent' }, { status: 'sent' }]);
    for (const name of ['send-text', 'send-media']) {
      await eventually(() => fact(page, 'последняя отправка', name).innerText()).toContain('назад');
      await eventually(() => card(page, name).locator('.spark canvas').count()).toBe(2);
    }
    await page.locator('[data-tab=messages]').click();
    await says(page, '#panel-messages', 'Неотправленных нет');
    const found = () => page.locator('.message-foot code').allInnerTexts();
    const words = page.locator('#panel-messages input');
    await words.fill(photo.id);
    await page.keyboard.press('Enter');
    await eventually(found).toEqual([photo.id]);
    await words.fill(demo);
    await page.locator('#panel-messages select').selectOption('sent');
    await eventually(found).toEqual([text.id]);
    await words.fill('');
    await page.locator('#panel-messages select').selectOption('');
    await eventually(found).toEqual([photo.id, text.id]);
    await says(page, '.message', `номер в чате: ${text.message_id}`);
  });

  it('shows a refusal within a second, the message it belongs to, and sends it again', async () => {
    const page = await stack.open();
    await page.evaluate(`
      window.seenAt = undefined;
      new MutationObserver(() => {
        if (document.querySelector('.row')) window.seenAt ??= Date.now();
      }).observe(document.body, { childList: true, subtree: true });`);
    await stack.telegram('PATCH', '/world', { banned: [duty] });
    const refused = await stack.sendText({ chat_id: duty, text: 'Into the void' });
    expect(refused).toMatchObject({ status: 403, class: 'banned' });
    await says(page, '.row', 'USER_BANNED_IN_CHANNEL');
    const [seenAt, lines] = await page.evaluate<[number, { at: string }[]]>(
      `fetch('/api/logs').then((answer) => answer.json()).then((lines) => [window.seenAt, lines])`,
    );
    console.info(`a line was on the page ${seenAt - Date.parse(lines[0]!.at)} ms after it was written`);
    expect(seenAt - Date.parse(lines[0]!.at)).toBeLessThan(10_000);

    await stack.telegram('PATCH', '/world', { unbanned: [duty] });
    await page.locator('.row').first().click();
    await says(page, 'dialog .message', 'не отправлено');
    await lookAt(page, 'line', true);
    await page.locator('dialog [data-action=retry]').click();
    await says(page, 'dialog .outcome', 'Снова в очереди.');
    await page.keyboard.press('Escape');
    await page.locator('[data-tab=messages]').click();
    await page.locator('#panel-messages input').fill(refused.id);
    await eventually(async () => {
      const answered = page.waitForResponse((response) => response.url().includes(refused.id));
      await page.keyboard.press('Enter');
      await answered;
      return page.locator('.message .message-status').allInnerTexts();
    }).toEqual(['отправлено']);
  });

  it('filters the lines by service, level, class and text', async () => {
    await stack.sendText({ chat_id: nowhere, text: 'To nobody' });
    await stack.telegram('PATCH', '/world', { banned: [duty] });
    await stack.sendPhoto({ chat_id: duty });
    const page = await stack.open();
    const services = page.locator('.filters .segments button');
    const level = page.locator('.filters select[data-word-label="filter.level"]');
    const kind = page.locator('.filters select[data-word-label="filter.class"]');
    const text = page.locator('.filters input');
    await eventually(() => rows(page)).toContainEqual(expect.stringContaining(nowhere));
    const all = await rows(page);
    const narrowed = async (expected: (row: string) => boolean) => {
      await eventually(async () => (await rows(page)).every(expected)).toBe(true);
      expect((await rows(page)).length).toBeGreaterThan(0);
    };
    await services.nth(2).click();
    await narrowed((row) => row.includes(duty));
    await kind.selectOption('cannot_resolve');
    await says(page, '.empty', 'Под эти фильтры не подходит ни одна строка');
    await services.first().click();
    await narrowed((row) => row.includes(nowhere));
    await kind.selectOption('banned');
    await narrowed((row) => row.includes(duty));
    await kind.selectOption('');
    await level.selectOption('ERROR');
    await narrowed((row) => row.includes(duty));
    await level.selectOption('');
    await text.fill('open a dialog');
    await narrowed((row) => row.includes(nowhere));
    await text.fill('');
    await eventually(() => rows(page)).toEqual(all);
    await page.locator('.errors [data-action=refresh]').click();
    await eventually(() => rows(page)).toEqual(all);
    await stack.telegram('PATCH', '/world', { unbanned: [duty] });
  });

  it('pauses and resumes: meanwhile messages wait in the queue', async () => {
    const page = await stack.open();
    await press(page, 'pause');
    await says(page, '[data-service=send-text] .outcome', 'На паузе');
    await says(page, '#status', 'text на паузе');
    const waiting = await stack.sendText({ chat_id: demo, text: 'Later', wait: 0 });
    expect(waiting).toMatchObject({ status: 'queued' });
    await eventually(() => fact(page, 'очередь').innerText()).toBe('1, на паузе');
    await press(page, 'resume');
    await says(page, '[data-service=send-text] .outcome', 'Снова отправляет');
    await eventually(() => fact(page, 'очередь').innerText()).toBe('0');
    await says(page, '#status', 'Всё отправляется');
  });

  it('reloads the cache, or says why not yet', async () => {
    const page = await stack.open();
    await press(page, 'reload-cache', 'send-media');
    const outcome = card(page, 'send-media').locator('.outcome');
    await eventually(() => outcome.innerText()).toMatch(/^(Кэш обновляется|Обновить кэш: диалоги обходили)/);
  });

  it('stops only after a question, starts and restarts', async () => {
    const page = await stack.open();
    await press(page, 'stop');
    await says(page, 'dialog', `Новые сообщения на ${stack.launcher.ports.SEND_TEXT_PORT} не принимаются`);
    await lookAt(page, 'question', true);
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
    expect((await stack.launcher.service('send-text')).state).toBe('running');
    await press(page, 'stop');
    await page.locator('dialog .sure').click();
    await says(page, '[data-service=send-text] .outcome', 'Остановлен. Очередь сохранена.');
    await says(page, '#status', 'text остановлен с');
    expect((await stack.launcher.service('send-text')).pid).toBeNull();
    await lookAt(page, 'stopped');
    await press(page, 'start');
    await says(page, '#status', 'Всё отправляется');
    const { pid } = await stack.launcher.service('send-media');
    await press(page, 'restart', 'send-media');
    await eventually(async () => (await stack.launcher.service('send-media')).pid).not.toBe(pid);
    await says(page, '[data-service=send-media] .outcome', /Перезапущен|этот запустится в/);
    const health = `http://127.0.0.1:${stack.launcher.ports.SEND_MEDIA_PORT}/health`;
    await eventually(() =>
      fetch(health).then(
        ({ status }) => status,
        () => 'not there yet',
      ),
    ).toBe(200);
    await says(page, '#status', 'Всё отправляется');
  });

  it('looks well in every panel, and has written down who did what', async () => {
    for (const chat of [demo, duty]) await stack.sendPhoto({ chat_id: chat, caption: 'Harbour at dawn' });
    const page = await stack.open({ permissions: ['clipboard-read', 'clipboard-write'] });
    await says(page, '#status', 'Всё отправляется');
    await page.locator('.row').first().waitFor();
    await lookAt(page, 'errors');
    await page.keyboard.press('2');
    await page.locator('#panel-health .chart canvas').waitFor();
    await lookAt(page, 'health');
    await page.keyboard.press('d');
    await page.locator('.checks li').first().waitFor();
    await page.locator('#panel-diagnostics button', { hasText: 'Скопировать как Markdown' }).click();
    await says(page, '#panel-diagnostics', 'Скопировано');
    expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(/^# Vestnik: Диагностика/);
    await lookAt(page, 'diagnostics');
    await page.keyboard.press('4');
    await page.locator('.message').first().waitFor();
    await lookAt(page, 'messages');
    await page.keyboard.press('5');
    for (const done of ['Пауза · text', 'Продолжить · text', 'Остановить · text', 'Перезапустить · media'])
      await says(page, '.audit', done);
    await lookAt(page, 'audit');
    await page.locator('#theme').click();
    await page.keyboard.press('1');
    await lookAt(page, 'light');
    await page.keyboard.press('?');
    await says(page, 'dialog h2', 'Клавиши');
    await lookAt(page, 'keys', true);
  });
});
