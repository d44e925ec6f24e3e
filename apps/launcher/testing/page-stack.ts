/** For tests: the whole stack as `npm start` runs it, and its page in a real Chromium. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { password, passwordHash, user } from '../../monitor/testing/stand-ins.ts';
import { chromiumArguments, chromiumPath, chromiumReason, hasChromium } from '../../testkit/browser.ts';
import { LauncherProcess } from './launcher-process.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const pictures = join(root, 'screenshots', 'page');
const wide = { width: 1440, height: 900 };
const narrow = { width: 320, height: 720 };

/** So often that nobody has to wait for them. */
const shortened = {
  HEALTH_INTERVAL_S: '1',
  HEALTH_TIMEOUT_S: '1',
  USAGE_INTERVAL_S: '1',
  START_SPACING_S: '1',
};

export interface PageStack {
  readonly launcher: LauncherProcess;
  /** Where the page is, without a slash at the end. */
  readonly url: string;
  /** The page signed in, in Russian and 1440 px wide unless told otherwise; `hash` names a panel. */
  open(options?: BrowserContextOptions & { hash?: string; url?: string }): Promise<Page>;
  /** A page as a browser opens it for the first time: nothing is waited for. */
  blank(options?: BrowserContextOptions): Promise<Page>;
  /** Sends a text, and answers what the gateway answered. */
  sendText(fields: Record<string, unknown>): Promise<Answer>;
  /** Sends the photo of the samples. */
  sendPhoto(fields: Record<string, string>): Promise<Answer>;
  /** Has the sandbox misbehave, or behave again. */
  telegram(method: 'POST' | 'PATCH', path: string, body: unknown): Promise<void>;
}

export interface Answer {
  readonly ok: boolean;
  readonly id: string;
  readonly status: string | number;
  readonly class?: string;
  readonly message_id?: number;
}

/** One stack for all these tests; each fails also when a page has thrown, or has written an error to the console. */
export function describePage(
  title: string,
  env: Record<string, string>,
  tests: (stack: PageStack) => void,
): void {
  describe.skipIf(!hasChromium)(`${title}${chromiumReason}`, { timeout: 180_000 }, () => {
    let launcher: LauncherProcess;
    let browser: Browser;
    const problems: string[] = [];

    beforeAll(async () => {
      await mkdir(pictures, { recursive: true });
      const settings = {
        ...shortened,
        MONITOR_PASSWORD_HASH: passwordHash,
        CLOCK_REFERENCE_URL: 'none',
        ...env,
      };
      browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumArguments });
      launcher = await startStack(settings);
    }, 300_000);
    afterEach(async () => {
      for (const context of browser.contexts()) await context.close();
      expect(problems.splice(0)).toEqual([]);
    });
    afterAll(async () => {
      await browser?.close();
      if (launcher === undefined) return;
      await launcher.services();
      await launcher.stop('SIGTERM');
      const left = launcher.left();
      await launcher[Symbol.asyncDispose]();
      expect(left).toEqual([]);
    });

    const url = () => `http://127.0.0.1:${launcher.ports.MONITOR_PORT}`;
    const blank = async (options: BrowserContextOptions = {}) => {
      const context = await browser.newContext({
        locale: 'ru-RU',
        viewport: wide,
        reducedMotion: 'reduce',
        httpCredentials: { username: user, password },
        ...options,
      });
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('console', (message) => {
        // Answers that are errors on purpose, the browser counts as its own.
        const isOfNetwork = message.text().startsWith('Failed to load resource');
        if (message.type() === 'error' && !isOfNetwork) problems.push(message.text());
      });
      return page;
    };

    tests({
      get launcher() {
        return launcher;
      },
      get url() {
        return url();
      },
      blank,
      open: async ({ hash = '', url: other, ...options } = {}) => {
        const page = await blank(options);
        await page.goto(`${other ?? url()}/${hash}`);
        await page.waitForSelector('[data-service=send-media]');
        await page.waitForSelector('[role=tabpanel]');
        return page;
      },
      sendText: (fields) =>
        answerOf(`http://127.0.0.1:${launcher.ports.SEND_TEXT_PORT}/send_text`, {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(fields),
        }),
      sendPhoto: async (fields) => {
        const body = new FormData();
        for (const [name, value] of Object.entries(fields)) body.set(name, value);
        body.set('file', new Blob([await readFile(join(root, 'ops/samples/photo.jpg'))]), 'photo.jpg');
        return answerOf(`http://127.0.0.1:${launcher.ports.SEND_MEDIA_PORT}/send_media`, { body });
      },
      telegram: async (method, path, body) => {
        const answer = await fetch(`http://127.0.0.1:${launcher.ports.SANDBOX_HTTP_PORT}${path}`, {
          method,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(10_000),
        });
        expect(answer.status, `${path}: ${await answer.text()}`).toBeLessThan(300);
      },
    });
  });
}

/** A port that was free may be taken by another process of the machine before it is listened on. */
async function startStack(env: Record<string, string>): Promise<LauncherProcess> {
  for (let tries = 1; ; tries += 1) {
    const launcher = await LauncherProcess.start(env, '../main.ts');
    try {
      await launcher.up(120_000);
      return launcher;
    } catch (error) {
      await launcher[Symbol.asyncDispose]();
      if (tries === 3 || !/is in use/.test(launcher.stderr)) throw error;
    }
  }
}

/** Asks again and again: what the page shows may be two seconds old, and the machine busy. */
export function eventually<T>(probe: () => T | Promise<T>) {
  return expect.poll(probe, { timeout: 30_000, interval: 50 });
}

async function answerOf(url: string, request: RequestInit): Promise<Answer> {
  const answer = await fetch(url, { method: 'POST', signal: AbortSignal.timeout(40_000), ...request });
  return (await answer.json()) as Answer;
}

/**
 * Looks at what is shown, in both languages, wide and narrow: nothing scrolls sideways, axe has nothing to object, and
 * pictures for people go into `screenshots/page`. Afterwards the page is as it was. A dialog keeps its language.
 */
export async function lookAt(page: Page, name: string, isDialog = false): Promise<void> {
  const languages = isDialog ? (['ru'] as const) : (['ru', 'en'] as const);
  for (const [size, viewport] of Object.entries({ wide, narrow })) {
    await page.setViewportSize(viewport);
    for (const language of languages) {
      if (!isDialog) await speak(page, language);
      await page.evaluate(
        'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))',
      );
      const path = join(pictures, `${name}-${size}-${language}.png`);
      await page.screenshot({ path, fullPage: !isDialog });
      const scrolled = await page.evaluate('document.documentElement.scrollWidth');
      expect.soft(scrolled, `${name}, ${size}, ${language}`).toBe(viewport.width);
    }
    expect.soft(await violations(page), `${name}, ${size}`).toEqual([]);
  }
  await page.setViewportSize(wide);
  if (!isDialog) await speak(page, 'ru');
}

async function speak(page: Page, language: 'ru' | 'en'): Promise<void> {
  await page.locator(`[data-language=${language}]`).click();
  await eventually(() => page.locator('html').getAttribute('lang')).toBe(language);
}

async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  const found = await page.evaluate<{ violations: Violation[] }>("axe.run({ resultTypes: ['violations'] })");
  return found.violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`,
  );
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}
