/** The cards of the page and what stands above them, in a real Chromium. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeDashboard, says } from './testing/dashboard-suite.ts';

describeDashboard('the page', {}, (dashboard) => {
  const card = (page: Page, name = 'send-text') => page.locator(`[data-service=${name}]`);
  const press = (page: Page, action: string, name?: string) =>
    card(page, name).locator(`[data-action=${action}]`).click();

  it('answers at the top whether everything is sent, and shows both services', async () => {
    const page = await dashboard.open();
    await says(page, '#status', 'Всё отправляется');
    expect(await page.title()).toBe('✓ Всё отправляется – Vestnik');
    for (const name of ['send-text', 'send-media']) {
      const shown = await card(page, name).innerText();
      for (const words of ['работает', 'порт', '148 МБ', 'очередь', '12', 'flood_wait 3', 'Обновить кэш']) {
        expect(shown).toContain(words);
      }
      expect(await card(page, name).locator('.state svg').count()).toBe(1);
    }
    expect(await page.locator('#sandbox').getAttribute('href')).toBe('http://127.0.0.1:4431');
  });

  it('asks before a stop: Escape and Cancel do nothing, and the focus stays inside', async () => {
    const page = await dashboard.open();
    await press(page, 'stop');
    const port = new URL(dashboard.stand.text.url).port;
    await says(page, 'dialog', 'Остановить text?');
    await says(page, 'dialog', `Новые сообщения на ${port} не принимаются, очередь (12) сохранится`);
    const focused = () =>
      page.evaluate(
        'document.activeElement.closest("dialog") !== null || document.activeElement === document.body',
      );
    for (let presses = 0; presses < 4; presses += 1) {
      expect(await focused()).toBe(true);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
    await press(page, 'stop');
    await page.locator('dialog button').first().click();
    await page.waitForSelector('dialog', { state: 'detached' });
    expect(dashboard.stand.launcher.asked).toEqual([]);
  });

  it('stops after the question, says what came of it, and offers the start', async () => {
    const page = await dashboard.open();
    await press(page, 'stop');
    await page.locator('dialog .sure').click();
    await says(page, '[data-service=send-text] .outcome', 'Остановлен. Очередь сохранена.');
    await says(page, '#status', 'text остановлен с');
    expect(dashboard.stand.launcher.asked).toEqual(['stop send-text']);
    expect(await card(page).locator('[data-action=stop]').isDisabled()).toBe(true);
    await press(page, 'start');
    await says(page, '#status', 'Всё отправляется');
  });

  it('tells why an action failed', async () => {
    const page = await dashboard.open({ locale: 'en-GB' });
    const detail = 'the dialogs were walked too recently';
    dashboard.stand.text.answer = { status: 429, body: { detail } };
    await press(page, 'reload-cache');
    await says(page, '[data-service=send-text] .outcome', `Reload cache: ${detail}`);
  });

  it('changes its language, and remembers it', async () => {
    const page = await dashboard.open({ locale: 'en-GB' });
    await says(page, '#status', 'Everything is being sent');
    await page.locator('[data-language=ru]').click();
    await says(page, '#status', 'Всё отправляется');
    expect(await page.locator('html').getAttribute('lang')).toBe('ru');
    await page.reload();
    await says(page, '#status', 'Всё отправляется');
  });

  it.each([
    ['ru-RU', 320],
    ['en-GB', 320],
    ['ru-RU', 1440],
  ])('fits in %s at %i px, without a sideways scroll', async (locale, width) => {
    dashboard.stand.text.stats.floods = [
      { scope: 'method:messages.sendMessage', until: null, seconds: 1080 },
    ];
    dashboard.stand.text.health = { status: 'degraded', reasons: [`FLOOD_WAIT_1080 for ${'x'.repeat(200)}`] };
    const page = await dashboard.open({ locale, viewport: { width, height: 900 } });
    await page.locator('.gate').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    if (width === 320) {
      const boxes = await Promise.all(
        (await page.locator('button:visible').all()).map((b) => b.boundingBox()),
      );
      for (const box of boxes) expect(box!.height).toBeGreaterThanOrEqual(44);
    }
  });

  it('never takes for markup what a service says', async () => {
    const script = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
    dashboard.stand.text.health = { status: 'degraded', reasons: [script] };
    dashboard.stand.text.stats.account = script;
    dashboard.stand.text.stats.floods = [{ scope: script, until: null, seconds: 60 }];
    dashboard.stand.text.metrics += `telegram_gateway_errors_total{class="${script.replaceAll('"', '\\"')}"} 1\n`;
    dashboard.stand.launcher.refusal = script;
    const page = await dashboard.open();
    await press(page, 'restart');
    await page.locator('dialog .sure').click();
    await says(page, '[data-service=send-text] .outcome', '<script>');
    await says(page, '[data-service=send-text] .gate code', '<script>');
    expect(await page.locator('main script, main img').count()).toBe(0);
    expect(await page.title()).toContain('Vestnik');
  });

  it('says which service does not answer, though its process runs', async () => {
    const page = await dashboard.open();
    await dashboard.stand.media.close();
    await says(page, '#status', 'media не отвечает с');
    await says(page, '[data-service=send-media] .state', 'работает');
    expect(await card(page, 'send-media').locator('[data-action=pause]').isDisabled()).toBe(true);
  });

  it('greys when the monitor is out of reach, and keeps what was known', async () => {
    const page = await dashboard.open();
    await dashboard.stand.stopMonitor();
    await says(page, '#status', 'Монитор не отвечает с');
    await page.waitForSelector('body[data-connection=lost]');
    expect(await card(page).innerText()).toContain('148 МБ');
    expect(await card(page).locator('.actions button:not([aria-disabled=true])').count()).toBe(0);
  });
});
