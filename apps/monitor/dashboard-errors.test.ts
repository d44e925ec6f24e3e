/** The errors panel in a real Chromium: lines of services that a launcher stands in for, through the real store. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeDashboard, says, type DashboardSuite } from './testing/dashboard-suite.ts';

const id = '5f0b1f0e-0000-4000-8000-000000000001';

const line = (level: string, msg: string, fields: object = {}) =>
  JSON.stringify({ level, time: Date.now(), msg, ...fields });

/** One line of each kind an operator tells apart. */
function writeSome({ stand: { launcher } }: DashboardSuite): void {
  launcher.write('send-text', line('error', 'cannot resolve entity -1001', { class: 'cannot_resolve', id }));
  launcher.write('send-media', line('warn', 'FLOOD_WAIT_26 on messages.getDialogs', { class: 'flood_wait' }));
  launcher.write('send-media', 'PersistentTimestampOutdatedError: Persistent timestamp outdated', 'stderr');
  launcher.write('send-text', line('error', 'the account is banned in -1002', { class: 'banned' }));
}

describeDashboard('the errors panel', {}, (dashboard) => {
  const messages = async (page: Page) =>
    (await page.locator('.row .row-message').allInnerTexts()).map((text) => text.trim());
  const settled = (page: Page, expected: string[]) =>
    expect
      .poll(async () => (await messages(page)).toSorted(), { timeout: 10_000 })
      .toEqual(expected.toSorted());

  /** So many lines are there for whoever asks. */
  const isStored = (page: Page, count: number) =>
    expect
      .poll(() => page.evaluate("fetch('/api/logs').then((a) => a.json()).then((lines) => lines.length)"))
      .toBe(count);

  it('says so when there are none, and shows a line as soon as it is written', async () => {
    const page = await dashboard.open();
    await says(page, '.empty', 'Ошибок и предупреждений нет');
    dashboard.stand.launcher.write('send-text', line('error', 'it broke'));
    await says(page, '.row', 'it broke');
    expect(await page.locator('.row').getAttribute('data-severity')).toBe('ERROR');
    const colour = "getComputedStyle(document.querySelector('.row .level')).color";
    expect(await page.evaluate(colour)).toBe('rgb(248, 81, 73)');
  });

  it('filters by service, level, class and text, and says when nothing matches', async () => {
    writeSome(dashboard);
    const page = await dashboard.open();
    const [resolve, flood, timestamp, banned] = [
      'cannot resolve entity -1001',
      'FLOOD_WAIT_26 on messages.getDialogs',
      'PersistentTimestampOutdatedError: Persistent timestamp outdated',
      'the account is banned in -1002',
    ] as const;
    await settled(page, [resolve, flood, timestamp, banned]);
    await page.locator('[data-filter=send-media]').click();
    await settled(page, [flood, timestamp]);
    await page.locator('.segments button').first().click();
    await page.locator('.filters select:visible').first().selectOption('WARNING');
    await settled(page, [flood]);
    await page.locator('.filters select:visible').first().selectOption('');
    for (const [name, expected] of [
      ['persistent_timestamp', timestamp],
      ['cannot_resolve', resolve],
      ['flood_wait', flood],
      ['other', banned],
      ['banned', banned],
    ] as const) {
      await page.locator('.filters select').last().selectOption(name);
      await settled(page, [expected]);
    }
    await page.locator('.filters select').last().selectOption('');
    await page.locator('.filters input').fill('getdialogs');
    await settled(page, [flood]);
    await page.locator('.filters input').fill('no such words');
    await says(page, '.empty', 'Под эти фильтры не подходит ни одна строка');
    dashboard.stand.launcher.write('send-text', line('error', 'No such words, but now'));
    await settled(page, ['No such words, but now']);
  });

  it('misses no line that is written between the answer to a filter and the opening of its stream', async () => {
    const page = await dashboard.open();
    await says(page, '.empty', 'Ошибок и предупреждений нет');
    let openStream = () => {};
    const isHeld = new Promise<void>((resolve) => (openStream = resolve));
    await page.route('**/api/logs/stream*', (route) => isHeld.then(() => route.continue()));
    await page.locator('.filters input').fill('late');
    await says(page, '.empty', 'Под эти фильтры не подходит ни одна строка');
    dashboard.stand.launcher.write('send-text', line('error', 'a late line'));
    await isStored(page, 1);
    openStream();
    await settled(page, ['a late line']);
  });

  it('shows nothing of the filter before, though its stream has told of it', async () => {
    const page = await dashboard.open();
    await says(page, '.empty', 'Ошибок и предупреждений нет');
    let answer = () => {};
    const isHeld = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/api/logs?*', (route) => isHeld.then(() => route.continue()));
    await page.locator('[data-filter=send-media]').click();
    await says(page, '.empty', 'Читаю строки');
    dashboard.stand.launcher.write('send-text', line('error', 'of text'));
    await isStored(page, 1);
    answer();
    dashboard.stand.launcher.write('send-media', line('error', 'of media'));
    await says(page, '.row', 'of media');
    expect(await messages(page)).toEqual(['of media']);
  });

  it('folds what repeats, and opens the whole line with the message it belongs to', async () => {
    const { launcher, text } = dashboard.stand;
    text.pages[`/messages/${id}`] = {
      status: 200,
      body: {
        id,
        status: 'failed',
        chat_id: -1001,
        attempts: 3,
        class: 'cannot_resolve',
        detail: 'not known',
      },
    };
    for (let wait = 1; wait <= 5; wait += 1) {
      launcher.write('send-media', line('warn', `FLOOD_WAIT_${wait} on messages.getDialogs`));
      launcher.write(
        'send-text',
        line('error', 'cannot resolve entity -1001', { class: 'cannot_resolve', id }),
      );
    }
    const page = await dashboard.open();
    await expect.poll(() => page.locator('.row .row-count').allInnerTexts()).toEqual(['×5', '×5']);
    await page.locator('.row', { hasText: 'cannot resolve' }).click();
    await says(page, 'dialog h2', 'Cannot resolve');
    await says(page, 'dialog', 'Повторилась 5 раз');
    await says(page, 'dialog .raw', '"class": "cannot_resolve"');
    await says(page, 'dialog .message', 'не отправлено');
    await page.locator('dialog [data-action=retry]').click();
    await says(page, 'dialog .outcome', 'Снова в очереди.');
    expect(text.asked).toEqual([`POST /messages/${id}/retry`]);
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
  });

  it('never takes a line for markup, neither in the list nor whole', async () => {
    const script = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
    dashboard.stand.launcher.write('send-text', script, 'stderr');
    dashboard.stand.launcher.write(
      'send-media',
      line('error', script, { id: script, chat: script, class: script }),
    );
    const page = await dashboard.open();
    await expect.poll(() => page.locator('.row').count()).toBe(2);
    for (const index of [0, 1]) {
      await page.locator('.row').nth(index).click();
      await says(page, 'dialog .raw', '<script>');
      await page.keyboard.press('Escape');
      await page.waitForSelector('dialog', { state: 'detached' });
    }
    expect(await page.locator('main script, main img, dialog script').count()).toBe(0);
    expect(await page.title()).toContain('Vestnik');
  });

  it('goes on after the stream was cut, without a line lost or twice', async () => {
    const { launcher } = dashboard.stand;
    const page = await dashboard.open();
    launcher.write('send-text', line('error', 'before'));
    await settled(page, ['before']);
    await page.route('**/api/logs/stream*', (route) => route.abort());
    await page.locator('#errors-follow').uncheck();
    await page.locator('#errors-follow').check();
    await says(page, '.errors .count', 'поток прервался');
    launcher.write('send-text', line('error', 'meanwhile'));
    await page.unroute('**/api/logs/stream*');
    await settled(page, ['before', 'meanwhile']);
    launcher.write('send-text', line('error', 'after'));
    await settled(page, ['before', 'meanwhile', 'after']);
    expect(await page.locator('.errors .count:visible').innerText()).toContain('строк: 3');
  });

  it('stands still while auto-refresh is off, until Refresh is pressed', async () => {
    const { launcher } = dashboard.stand;
    const page = await dashboard.open();
    launcher.write('send-text', line('error', 'first'));
    await settled(page, ['first']);
    await page.locator('#errors-follow').uncheck();
    launcher.write('send-text', line('error', 'second'));
    await isStored(page, 2);
    expect(await messages(page)).toEqual(['first']);
    await page.locator('.errors [data-action=refresh]').click();
    await settled(page, ['first', 'second']);
  });

  it('keeps few elements and its place among thousands of lines, by the keyboard too', async () => {
    const { launcher } = dashboard.stand;
    for (let number = 1; number <= 3_000; number += 1) {
      launcher.write('send-text', line('error', `trouble ${100_000 + number}`));
    }
    const page = await dashboard.open();
    await says(page, '.row', 'trouble 103000');
    const list = page.locator('.virtual-list');
    await list.focus();
    await expect
      .poll(async () => {
        await page.keyboard.press('End');
        return (await messages(page)).at(-1);
      })
      .toBe('trouble 100001');
    expect(await page.locator('.row').count()).toBeLessThan(60);
    const [first] = await messages(page);
    launcher.write('send-media', line('error', 'new one on top'));
    await says(page, '.newer', '↑ новых: 1');
    expect((await messages(page))[0]).toBe(first);
    await page.locator('.newer').click();
    await says(page, '.row', 'new one on top');
    await list.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await says(page, 'dialog .raw', 'new one on top');
  });

  it('asks for nothing while the page is hidden', async () => {
    const page = await dashboard.open();
    await says(page, '.empty', 'Ошибок и предупреждений нет');
    await page.evaluate(`
      Object.defineProperty(document, 'visibilityState', { get: () => 'hidden', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));`);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    dashboard.stand.launcher.write('send-text', line('error', 'unseen'));
    await expect
      .poll(() => page.evaluate("fetch('/api/logs?mine').catch(() => null) && 1").then(() => asked.length))
      .toBeGreaterThan(2);
    expect(asked.filter((url) => !url.includes('mine'))).toEqual([]);
    await page.evaluate(`
      delete document.visibilityState;
      document.dispatchEvent(new Event('visibilitychange'));`);
    await says(page, '.row', 'unseen');
  });
});
