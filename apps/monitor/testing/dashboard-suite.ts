/** The page in a real Chromium, on a monitor between servers that stand in for gateways and launcher. */
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { password, startStand, user, type MonitorStand } from './stand-ins.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const isThere = existsSync(executablePath);
const reason = isThere ? '' : ` (skipped: there is no ${executablePath}; name one by CHROMIUM)`;

export interface DashboardSuite {
  /** Started anew for each test. */
  readonly stand: MonitorStand;
  /** The page signed in, in Russian and 1440 px wide unless other options are given, at `#hash`. */
  open(options?: BrowserContextOptions, hash?: string): Promise<Page>;
}

/** Tests of the page; each fails also when the page has thrown, or has written an error to the console. */
export function describeDashboard(
  title: string,
  env: Record<string, string>,
  tests: (dashboard: DashboardSuite) => void,
): void {
  describe.skipIf(!isThere)(`${title}${reason}`, { timeout: 60_000 }, () => {
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
      stand = await startStand(env);
    });
    afterEach(async () => {
      for (const context of browser.contexts()) await context.close();
      await stand.close();
      expect(problems).toEqual([]);
    });

    tests({
      get stand() {
        return stand;
      },
      open: async (options = {}, hash = '') => {
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
        await page.goto(stand.url + hash);
        await page.waitForSelector('[data-service=send-media]');
        await page.waitForSelector('[role=tabpanel]');
        return page;
      },
    });
  });
}

/** Waits until these words are to be seen in there. */
export function says(page: Page, selector: string, words: string | RegExp, timeout = 30_000): Promise<void> {
  return page.locator(selector).getByText(words).first().waitFor({ timeout });
}
