/** The page in a real Chromium, on a monitor between servers that stand in for gateways and launcher. */
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { password, startStand, user, type MonitorStand } from './testing/stand-ins.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const isThere = existsSync(executablePath);
const reason = isThere ? '' : ` (skipped: there is no ${executablePath}; name one by CHROMIUM)`;

describe.skipIf(!isThere)(`the page${reason}`, { timeout: 60_000 }, () => {
  let browser: Browser;
  let stand: MonitorStand;
  let problems: string[];

  beforeAll(async () => {
    const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
    browser = await chromium.launch({ executablePath, args });
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    problems = [];
    stand = await startStand();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await stand.close();
    expect(problems).toEqual([]);
  });

  const open = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({
      locale: 'ru-RU',
      viewport: { width: 1440, height: 900 },
      httpCredentials: { username: user, password },
      ...options,
    });
    const page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      // Answers that are errors on purpose, the browser counts as its own.
      const isOurs = !message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && isOurs) problems.push(message.text());
    });
    await page.goto(stand.url);
    await page.waitForSelector('[data-service=send-media]');
    return page;
  };
  const card = (page: Page, name = 'send-text') => page.locator(`[data-service=${name}]`);
  const press = (page: Page, action: string, name?: string) =>
    card(page, name).locator(`[data-action=${action}]`).click();
  const says = (page: Page, selector: string, words: string) =>
    page.locator(selector).getByText(words).first().waitFor({ timeout: 10_000 });

  it('answers at the top whether everything is sent, and shows both services', async () => {
    const page = await open();
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
    const page = await open();
    await press(page, 'stop');
    const port = new URL(stand.text.url).port;
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
    expect(stand.launcher.asked).toEqual([]);
  });

  it('stops after the question, says what came of it, and offers the start', async () => {
    const page = await open();
    await press(page, 'stop');
    await page.locator('dialog .sure').click();
    await says(page, '[data-service=send-text] .outcome', 'Остановлен. Очередь сохранена.');
    await says(page, '#status', 'text остановлен с');
    expect(stand.launcher.asked).toEqual(['stop send-text']);
    expect(await card(page).locator('[data-action=stop]').isDisabled()).toBe(true);
    await press(page, 'start');
    await says(page, '#status', 'Всё отправляется');
  });

  it('tells why an action failed', async () => {
    const page = await open({ locale: 'en-GB' });
    const detail = 'the dialogs were walked too recently';
    stand.text.answer = { status: 429, body: { detail } };
    await press(page, 'reload-cache');
    await says(page, '[data-service=send-text] .outcome', `Reload cache: ${detail}`);
  });

  it('changes its language, and remembers it', async () => {
    const page = await open({ locale: 'en-GB' });
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
    stand.text.stats.floods = [{ scope: 'method:messages.sendMessage', until: null, seconds: 1080 }];
    stand.text.health = { status: 'degraded', reasons: [`FLOOD_WAIT_1080 for ${'x'.repeat(200)}`] };
    const page = await open({ locale, viewport: { width, height: 900 } });
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
    stand.text.health = { status: 'degraded', reasons: [script] };
    stand.text.stats.account = script;
    stand.text.stats.floods = [{ scope: script, until: null, seconds: 60 }];
    stand.text.metrics += `telegram_gateway_errors_total{class="${script.replaceAll('"', '\\"')}"} 1\n`;
    stand.launcher.refusal = script;
    const page = await open();
    await press(page, 'restart');
    await says(page, '[data-service=send-text] .outcome', '<script>');
    await says(page, '[data-service=send-text] .gate', '<script>');
    expect(await page.locator('main script, main img').count()).toBe(0);
    expect(await page.title()).toContain('Vestnik');
  });

  it('says which service does not answer, though its process runs', async () => {
    const page = await open();
    await stand.media.close();
    await says(page, '#status', 'media не отвечает с');
    await says(page, '[data-service=send-media] .state', 'работает');
    expect(await card(page, 'send-media').locator('[data-action=pause]').isDisabled()).toBe(true);
  });

  it('greys when the monitor is out of reach, and keeps what was known', async () => {
    const page = await open();
    await stand.stopMonitor();
    await says(page, '#status', 'Монитор не отвечает с');
    await page.waitForSelector('body[data-connection=lost]');
    expect(await card(page).innerText()).toContain('148 МБ');
    expect(await card(page).locator('button:enabled').count()).toBe(0);
  });
});
