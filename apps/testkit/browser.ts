/** For tests: a real Chromium on the inbox of a real sandbox. Tests that cannot have it say so and are skipped. */
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

/** What is opened: a sandbox, or what stands before one. */
type Opened = { httpPort: number };

export const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Whether there is a Chromium, and what to add to the title of a suite that needs one. */
export const hasChromium = existsSync(chromiumPath);
export const chromiumReason = hasChromium
  ? ''
  : ` (skipped: there is no ${chromiumPath}; name one by CHROMIUM)`;

/** A Chromium in which inboxes are opened. */
export class InboxBrowser {
  /** What pages complained about: errors of scripts, and of the content policy. */
  problems: string[] = [];
  private browser: Browser | undefined;

  async start(): Promise<void> {
    this.browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumArguments });
  }

  /** Opens the inbox, with the chat of the hash if there is one; Russian, dark and wide unless told otherwise. */
  async open({ httpPort: port }: Opened, hash = '', options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser!.newContext({
      locale: 'ru-RU',
      colorScheme: 'dark',
      viewport: { width: 1440, height: 900 },
      reducedMotion: 'reduce',
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => this.problems.push(error.message));
    page.on('console', (message) => {
      const isOfNetwork = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !isOfNetwork) this.problems.push(message.text());
    });
    await page.goto(`http://127.0.0.1:${port}/${hash}`);
    await untilLive(page);
    return page;
  }

  /** Closes all pages and returns what they complained about. */
  async closePages(): Promise<string[]> {
    for (const context of this.browser?.contexts() ?? []) await context.close();
    return this.problems.splice(0);
  }

  async stop(): Promise<void> {
    await this.browser?.close();
  }
}

/** Chromium gives up what it loads whenever a network of the machine comes or goes; loading anew is all that helps. */
async function untilLive(page: Page): Promise<void> {
  const live = () => page.waitForSelector('#live-dot[data-live=on]', { state: 'attached' });
  await live().catch(async () => {
    await page.reload();
    await live();
  });
}
