/** For tests: a suite with a sandbox, a client that sends to it, and a Chromium, of which nothing is left after each test. */
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { chromiumReason, hasChromium, InboxBrowser } from '../../testkit/browser.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { DEMO_CHAT, senderTo, type Sender } from '../../testkit/sends.ts';

/** What each test has anew. */
export interface InboxSuite {
  readonly sandbox: TestSandbox;
  readonly sender: Sender;
  readonly browser: InboxBrowser;
  /** Opens the inbox, with the chat of the hash if there is one. */
  open: (hash?: string, options?: BrowserContextOptions) => Promise<Page>;
  /** Opens the demo chat, and waits until there are messages. */
  openChat: (options?: BrowserContextOptions) => Promise<Page>;
}

/** Describes the inbox in a Chromium; where there is none, the suite says so and is skipped. */
export function describeInbox(title: string, define: (suite: InboxSuite) => void): void {
  describe.skipIf(!hasChromium)(`${title}${chromiumReason}`, { timeout: 60_000 }, () => {
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

    const open = (hash = '', options: BrowserContextOptions = {}) => browser.open(sandbox, hash, options);
    define({
      browser,
      get sandbox() {
        return sandbox;
      },
      get sender() {
        return sender;
      },
      open,
      async openChat(options) {
        const page = await open(`#/${DEMO_CHAT}`, options);
        await page.locator('.bubble').first().waitFor();
        return page;
      },
    });
  });
}

/** The bubble that holds these words. */
export function bubble(page: Page, words: string): Locator {
  return page.locator('.bubble', { hasText: words });
}

/** The chat of the list that holds these words. */
export function chatRow(page: Page, title: string): Locator {
  return page.locator('.chat', { hasText: title });
}
