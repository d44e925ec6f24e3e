/** Diagnostics on the page in a real Chromium: check by check, in the reader's words and time, and as Markdown. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { checked } from '../gateway/http/check.ts';
import { reason, sentence } from '../kit/reason.ts';
import { describeDashboard, says } from './testing/dashboard-suite.ts';

/** What stays as it is in Russian: names of Telegram, of settings and of this service. */
const names = new RegExp(
  '\\b(?:Telegram|FLOOD_WAIT_\\d+|FLOOD_WAIT|PEER_FLOOD|HTTP|DATA_DIR|PORT|RETAIN_DAYS|SPOOL_LIMIT_MB|DNS|CPU|' +
    'text|media|pid \\d+|node|MainThread|SpamBot|username|npm run login|flood wait|Markdown|' +
    'messages\\.\\w+|health|stats|vestnik-\\w+)\\b',
  'gi',
);
/** Words that are left in English. */
const english = (text: string) =>
  text.split('\n').flatMap((line) => (/[a-z]{3,}/i.test(line.replace(names, '')) ? [line] : []));

const texts = (page: Page, selector: string) => page.locator(selector).allInnerTexts();

describeDashboard('diagnostics', { CLOCK_REFERENCE_URL: 'none' }, (dashboard) => {
  it('name the cause, and copy the report as Markdown with times that have their zone', async () => {
    const { launcher, text } = dashboard.stand;
    text.stats.cache = { size: 0 };
    text.metrics = '';
    const evil = 'ERROR: send failed: <script>document.title=1</script> | cannot resolve entity';
    launcher.write('send-text', evil, 'stderr');
    const page = await dashboard.open({
      permissions: ['clipboard-read', 'clipboard-write'],
      timezoneId: 'Asia/Kolkata',
    });
    await page.keyboard.press('d');
    await says(page, '.cause h3', 'text: Кэш чатов пуст');
    await says(page, '.cause', 'Чего не делать');
    expect(await page.locator('.checks > li').count()).toBeGreaterThan(10);
    expect(await page.locator('main script').count()).toBe(0);
    await says(page, '.found-line time', 'назад');
    await page.locator('#panel-diagnostics button', { hasText: 'Скопировать как Markdown' }).click();
    await says(page, '#panel-diagnostics', 'Скопировано');
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toMatch(/^# Vestnik: Диагностика, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+05:30\n/);
    expect(copied).toContain('\n## text: Кэш чатов пуст');
    expect(copied).toMatch(/^ {4}[\d-]{10} [\d:]{8} \+05:30 .*<script>/m);
    expect(copied).not.toMatch(/^(?! {4}).*(?<!\\)<script>/m);
    expect(copied).not.toMatch(/T\d\d:\d\d.*Z/);
    await page.locator('[data-language=en]').click();
    await says(page, '.cause h3', 'text: The cache of chats is empty');
  });

  it('show each check when it has ended, while another still hangs', async () => {
    const { media } = dashboard.stand;
    const page = await dashboard.open();
    media.isMute = true;
    await page.keyboard.press('d');
    await says(page, '.checks > li[data-level=ok]', '/health · text');
    await says(page, '.checks > li[data-running]', '/health · media');
    await says(page, '#panel-diagnostics .count', 'Готово проверок');
    const order = await texts(page, '.checks > li strong');
    media.unmute();
    await says(page, '#panel-diagnostics .count', 'Причин неполадок не найдено');
    expect(await page.locator('.checks > li[data-running]').count()).toBe(0);
    expect(await texts(page, '.checks > li strong')).toEqual(order);
  });

  it('leave no English sentence on the Russian page, whatever is wrong', async () => {
    const { text, media, launcher } = dashboard.stand;
    const until = new Date(Date.now() + 1_080_000).toISOString();
    const name = 'messages.sendMessage';
    text.stats.floods = [
      { scope: `method:${name}`, until, seconds: 1080 },
      { scope: 'strangers', until, seconds: 1080 },
    ];
    text.stats.cache = { size: 0 };
    text.healthStatus = 503;
    const lost = reason('telegram', { reason: reason('link_lost') });
    const unasked = reason('sign_in_unknown');
    const wait = { name: 'FLOOD_WAIT_1080', left_s: 1079 };
    const causes = [
      ...[lost, unasked, reason('dialogs_unread', { size: 12 }), reason('queue_old', { age_s: 4000 })],
      ...[reason('disk_full'), reason('gate', { ...wait, scope: `method:${name}` })],
      ...[reason('gate_strangers', wait), reason('gates_of_chats', { count: 3, left_s: 20 })],
    ];
    text.health = {
      status: 'down',
      sandbox: false,
      checks: { telegram: checked(false, lost), authorized: checked(false, unasked) },
      reasons: causes.map(sentence),
      causes,
    };
    const taken = reason('port_in_use', { port: '5023', setting: 'PORT' });
    Object.assign(launcher.services['send-media']!, {
      state: 'failed',
      last_exit: { code: 1, signal: null, message: `send-media: ${sentence(taken)}`, reason: taken },
    });
    const page = await dashboard.open({ timezoneId: 'Europe/Moscow' });
    await media.close();
    await page.keyboard.press('d');
    await says(page, '.cause h3', 'Telegram недоступен');
    await says(page, '#panel-diagnostics .count', 'проверок');
    const cards = await page.locator('.cause').all();
    const found = await Promise.all(cards.map((cause) => cause.getAttribute('data-cause')));
    expect(found).toEqual(
      expect.arrayContaining([
        'port_taken',
        'telegram_unreachable',
        'account_restricted',
        'flood_wait',
        'empty_cache',
      ]),
    );
    for (const selector of ['#panel-diagnostics', '#cards', '#status']) {
      const shown = (await texts(page, selector)).join('\n');
      expect(english(shown)).toEqual([]);
      expect(shown).not.toMatch(/\d{3,} (?:s|с)\b|\dT\d\d:\d\d/); // No seconds by the hundred, no time of UTC.
    }
  });
});
