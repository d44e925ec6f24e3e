/** The page for those who see it otherwise, on other screens, or not at all without the password. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeDashboard, says, type DashboardSuite } from './testing/dashboard-suite.ts';

const tabs = ['errors', 'health', 'diagnostics', 'messages', 'audit'] as const;

/** Something to be seen in every panel. */
function fill({ stand: { launcher, text, media } }: DashboardSuite): void {
  const chat_id = -1_003_833_950_795;
  const failed = {
    id: 'f',
    status: 'failed',
    chat_id,
    attempts: 3,
    class: 'banned',
    detail: 'x'.repeat(200),
  };
  for (const gateway of [text, media]) {
    gateway.pages['/messages?limit=50&status=failed'] = {
      status: 200,
      body: { messages: [failed], next: 1 },
    };
  }
  text.stats.floods = [{ scope: 'method:messages.getDialogs', until: null, seconds: 1080 }];
  for (const service of ['send-text', 'send-media']) {
    launcher.write(
      service,
      `ERROR: send failed: ValueError: Cannot resolve entity ${'x'.repeat(300)}`,
      'stderr',
    );
    launcher.write(service, 'INFO: Sleeping for 26s on GetDialogsRequest flood wait', 'stderr');
  }
}

async function show(page: Page, tab: (typeof tabs)[number]): Promise<void> {
  await page.locator(`[data-tab=${tab}]`).click();
  if (tab === 'errors') await page.locator('.row').first().waitFor();
  if (tab === 'messages') await page.locator('.message').first().waitFor();
  if (tab !== 'diagnostics') return;
  await page.locator('[data-action=diagnose]').click();
  await page.locator('.cause').first().waitFor({ timeout: 15_000 });
}

const problemsOf = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<{
    violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[];
  }>('axe.run()');
  return violations.map(({ id, help, nodes }) => {
    return `${id}: ${help}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`;
  });
};

describeDashboard('to everybody the page', {}, (dashboard) => {
  it.each([
    ['dark', 'ru-RU', 1440],
    ['light', 'en-GB', 320],
  ] as const)('has nothing that axe objects to, %s, %s, %i px', async (theme, locale, width) => {
    fill(dashboard);
    const page = await dashboard.open({ locale, viewport: { width, height: 800 } });
    if (theme === 'light') await page.locator('#theme').click();
    for (const tab of tabs) {
      await show(page, tab);
      expect(await problemsOf(page), tab).toEqual([]);
    }
    await show(page, 'errors');
    await page.locator('.row').first().click();
    await page.locator('dialog').waitFor();
    expect(await problemsOf(page), 'a line').toEqual([]);
    await page.keyboard.press('Escape');
    await page.locator('[data-action=clear-flood-wait]').click();
    await page.locator('dialog').waitFor();
    expect(await problemsOf(page), 'a question').toEqual([]);
  });

  it.each([
    ['ru-RU', 320],
    ['en-GB', 768],
    ['ru-RU', 1440],
  ] as const)('fits in %s at %i px, every panel, without a sideways scroll', async (locale, width) => {
    fill(dashboard);
    const page = await dashboard.open({ locale, viewport: { width, height: 800 } });
    for (const tab of tabs) {
      await show(page, tab);
      expect(await page.evaluate('document.documentElement.scrollWidth'), tab).toBe(width);
      if (width !== 320) continue;
      for (const button of await page.locator('button:visible').all()) {
        expect((await button.boundingBox())!.height, await button.innerText()).toBeGreaterThanOrEqual(44);
      }
    }
  });

  it.each([320, 1440])('shows ten services of several accounts at %i px', async (width) => {
    fill(dashboard);
    const { stand } = dashboard;
    const others = Array.from({ length: 8 }, (_, index) => ({
      name: `desk-${index + 3}`,
      label: `Стойка ${index + 3}`,
      account: `account-${index}`,
      url: index === 7 ? 'http://127.0.0.1:1' : stand.text.url,
    }));
    const both = (['text', 'media'] as const).map((label) => ({
      name: `send-${label}`,
      label,
      url: stand[label].url,
    }));
    await stand.stopMonitor();
    await stand.startMonitor({ SERVICES: JSON.stringify([...both, ...others]) });
    const page = await dashboard.open({ viewport: { width, height: 900 } });
    expect(await page.locator('.card').count()).toBe(10);
    await says(page, '#status', 'Стойка 10');
    for (const tab of tabs) {
      await show(page, tab);
      expect(await page.evaluate('document.documentElement.scrollWidth'), tab).toBe(width);
    }
    expect(await problemsOf(page)).toEqual([]);
    const ninth = page.locator('[data-service=desk-9]');
    await ninth.locator('.fold').click();
    await ninth.locator('[data-action=pause]').click();
    await says(page, '[data-service=desk-9] .outcome', 'На паузе');
    expect(stand.text.asked).toEqual(['POST /pause']);
    await page.locator('[data-tab=audit]').click();
    await says(page, '.audit', 'Пауза · Стойка 9');
  });

  it('says everything in the language that was chosen, also what was open before', async () => {
    fill(dashboard);
    const page = await dashboard.open({ locale: 'en-GB' });
    for (const tab of tabs) await show(page, tab);
    await page.locator('[data-language=ru]').click();
    const own = { errors: 'Обновить', health: 'Обновить', diagnostics: 'Запустить', messages: 'Найти' };
    for (const tab of tabs) {
      await page.locator(`[data-tab=${tab}]`).click();
      const shown = () => page.locator(`#panel-${tab}`).innerText();
      await expect.poll(shown).toContain({ ...own, audit: 'Обновить' }[tab]);
      await expect.poll(shown).not.toMatch(/\b(Refresh|Find|Retry|Evidence|attempts|Filters)\b/);
    }
  });

  it('is not shown to who gives a wrong password', async () => {
    const page = await dashboard.open();
    const context = await page
      .context()
      .browser()!
      .newContext({
        httpCredentials: { username: 'admin', password: 'wrong' },
      });
    const stranger = await context.newPage();
    const answer = await stranger.goto(dashboard.stand.url);
    expect(answer!.status()).toBe(401);
    expect(await stranger.locator('.card, script').count()).toBe(0);
    await says(page, '#status', 'Всё отправляется');
  });
});
