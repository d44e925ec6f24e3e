/** The dashboard of a running monitor in a real Chromium, in Russian, as an operator uses it. */
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';

export const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const quietly = ['--disable-gpu', '--disable-quic', '--disable-sync', '--disable-background-networking'];
const chromiumArguments = ['--no-sandbox', '--no-first-run', '--disable-component-update', ...quietly];
const patienceMs = 30_000;

export class DashboardPage {
  readonly page: Page;
  readonly #browser: Browser;

  static async open(url: string, password: string): Promise<DashboardPage> {
    const browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumArguments });
    try {
      const httpCredentials = { username: 'admin', password };
      const page = await browser.newPage({ locale: 'ru-RU', httpCredentials });
      page.setDefaultTimeout(patienceMs);
      await page.goto(url);
      await page.waitForSelector('[data-service=send-media]');
      await page.waitForSelector('[role=tabpanel]');
      return new DashboardPage(browser, page);
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.page = page;
  }

  card(service: string): Locator {
    return this.page.locator(`[data-service=${service}]`);
  }

  press(service: string, action: string): Promise<void> {
    return this.card(service).locator(`[data-action=${action}]:not([aria-disabled])`).click();
  }

  /** Says yes to the question that is asked. */
  confirm(): Promise<void> {
    return this.page.locator('dialog .sure').click();
  }

  /** Resolves when these words are to be seen in there. */
  says(selector: string, words: string | RegExp): Promise<void> {
    return this.page.locator(selector).getByText(words).first().waitFor();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#browser.close();
  }
}
