/** Health, messages, audit and Clear flood wait in a real Chromium. */
import { symlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeDashboard, says } from './testing/dashboard-suite.ts';

const id = '5f0b1f0e-0000-4000-8000-000000000001';
const failed = {
  id,
  status: 'failed',
  chat_id: -1001,
  attempts: 3,
  class: 'banned',
  detail: 'the account is banned',
};
const unknown = {
  ...failed,
  id: '5f0b1f0e-0000-4000-8000-000000000002',
  class: 'cannot_resolve',
  detail: '@anna is not a name Telegram knows: check it, or send to a chat_id',
  code: 'unknown_name',
  values: { chat: '@anna' },
  notes: ['thumbnail is left out: Telegram makes those of photos itself', 'a note of an older version'],
  note_causes: [
    { code: 'thumbnail_left_out', values: { field: 'thumbnail' } },
    { code: 'verbatim', values: { text: 'a note of an older version' } },
  ],
};

describeDashboard('the panels', {}, (dashboard) => {
  it('open by click, by arrow keys and by their address', async () => {
    const page = await dashboard.open({}, '/#audit');
    await says(page, '#panel-audit', 'Отсюда ещё ничего не делали.');
    await page.locator('[data-tab=errors]').click();
    await page.locator('#panel-errors').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.locator('#panel-health').waitFor();
    expect(await page.locator('#panel-errors').isVisible()).toBe(false);
    expect(new URL(page.url()).hash).toBe('#health');
    await page.keyboard.press('4');
    await page.locator('#panel-messages').waitFor();
    await page.keyboard.press('?');
    await says(page, 'dialog h2', 'Клавиши');
  });

  it('say in Russian by code why a message failed, and its notes', async () => {
    const { text, media } = dashboard.stand;
    const page50 = '/messages?limit=50&status=failed';
    text.pages[page50] = { status: 200, body: { messages: [unknown], next: null } };
    media.pages[page50] = { status: 200, body: { messages: [], next: null } };
    const page = await dashboard.open({}, '/#messages');
    await says(
      page,
      '.message-detail',
      'имени @anna Telegram не знает: проверьте его или отправляйте по chat_id · thumbnail не отправляется: для фото Telegram делает миниатюры сам · a note of an older version',
    );
  });

  it('find failed messages, retry one, and retry all after a question', async () => {
    const { text, media } = dashboard.stand;
    const empty = { status: 200, body: { messages: [], next: null } };
    text.pages['/messages?limit=50&status=failed'] = {
      status: 200,
      body: { messages: [failed], next: null },
    };
    media.pages['/messages?limit=50&status=failed'] = empty;
    const reason = {
      code: 'flood_wait',
      values: { method: 'messages.sendMessage', name: 'FLOOD_WAIT_26', left_s: 20 },
      text: 'Telegram asked to wait',
      since: '2026-02-20T04:29:00.000Z',
      until: null,
    };
    const queued = { ...failed, status: 'queued', class: undefined, not_before: null, reason };
    text.pages[`/messages/${id}`] = { status: 200, body: queued };
    const page = await dashboard.open({}, '/#messages');
    await says(page, '.message', 'не отправлено');
    await says(page, '.message', 'бан в чате: the account is banned');
    await page.locator('.message [data-action=retry]').click();
    await says(page, '.message .outcome', 'Снова в очереди.');
    await says(page, '.message .message-status', 'в очереди');
    await says(page, '.message-detail', 'попросил подождать с messages.sendMessage (FLOOD_WAIT_26), ещё 20');
    await page.locator('[data-action=retry-all]').click();
    await page.locator('dialog button').first().click();
    await page.waitForSelector('dialog', { state: 'detached' });
    text.answer = { status: 200, body: { ok: true, retried: 7 } };
    await page.locator('[data-action=retry-all]').click();
    await page.locator('dialog .sure').click();
    await says(page, '#panel-messages .count', 'text: возвращено в очередь: 7');
    expect(text.asked).toEqual([`POST /messages/${id}/retry`, 'POST /messages/retry?status=failed']);
  });

  it('find a message by its id or by its chat, and say when there is none', async () => {
    const { text, media } = dashboard.stand;
    for (const gateway of [text, media]) {
      const none = { status: 200, body: { messages: [], next: null } };
      gateway.pages['/messages?limit=50&status=failed'] = none;
      gateway.pages['/messages?limit=50&chat_id=-1001'] = none;
    }
    media.pages['/messages?limit=50&chat_id=-1001'] = {
      status: 200,
      body: { messages: [{ ...failed, status: 'sent', detail: undefined, message_ids: [812] }], next: null },
    };
    text.pages[`/messages/${id}`] = { status: 200, body: failed };
    const page = await dashboard.open({}, '/#messages');
    await says(page, '#panel-messages', 'Неотправленных нет');
    const words = page.locator('#panel-messages input');
    await words.fill(id);
    await page.keyboard.press('Enter');
    await says(page, '.message', 'text');
    await words.fill(id.replace('1', '2'));
    await page.keyboard.press('Enter');
    await says(page, '#panel-messages', 'Сообщения с таким номером нет');
    await page.locator('#panel-messages select').selectOption('');
    await words.fill('-1001');
    await page.keyboard.press('Enter');
    await says(page, '.message', 'номер в чате: 812');
    await media.close();
    await page.keyboard.press('Enter');
    await says(page, '#panel-messages .count', 'media: media не отвечает на http');
  });

  it('write down what was done from here', async () => {
    const page = await dashboard.open();
    await page.locator('[data-service=send-text] [data-action=pause]').click();
    await says(page, '[data-service=send-text] .outcome', 'На паузе');
    await page.locator('[data-tab=audit]').click();
    await says(page, '.audit', 'Пауза · text');
    await says(page, '.audit', 'admin, 127.0.0.1');
  });

  it('say of what was done when it cannot be written down', async () => {
    symlinkSync('/dev/full', join(dashboard.stand.launcher.dir, 'monitor/audit.jsonl'));
    const page = await dashboard.open();
    await page.locator('[data-service=send-text] [data-action=pause]').click();
    await says(
      page,
      '[data-service=send-text] .outcome',
      /На паузе.* Это сделано, но монитор не может писать/,
    );
    expect(await page.locator('[data-service=send-text] .outcome').getAttribute('data-level')).toBe(
      'warning',
    );
  });

  it('ask for notices only when that is wanted', async () => {
    const page = await dashboard.open({ permissions: [] }, '/#health');
    await says(page, '[data-action=notices]', 'Уведомления');
    await says(page, '#panel-health', 'Перерывы за 24 часа');
  });
});

const often = { HEALTH_INTERVAL_S: '0.2', HEALTH_TIMEOUT_S: '0.2', USAGE_INTERVAL_S: '0.2' };

describeDashboard('an alert', often, (dashboard) => {
  it('begins after three misses, in banner, title and a notice, and ends with two good checks', async () => {
    const page = await dashboard.open({ permissions: ['notifications'] }, '/#health');
    await page.evaluate(`
      window.told = [];
      const Real = window.Notification;
      window.Notification = class { constructor(title) { window.told.push(title); } close() {} };
      Object.defineProperty(window.Notification, 'permission', { get: () => 'granted' });
      window.Notification.requestPermission = async () => 'granted';`);
    await page.locator('[data-action=notices]').click();
    await says(page, '[data-action=notices]', 'Уведомления: включены');
    await dashboard.stand.media.close();
    await says(page, '#alerts', 'media не отвечает');
    await expect.poll(() => page.title()).toContain('✗');
    await expect.poll(() => page.evaluate('told')).toEqual(['media не отвечает']);
    await page.locator('[data-action=notices]').scrollIntoViewIfNeeded();
    await page.locator('#panel-health button', { hasText: 'Обновить' }).click();
    await says(page, '.outages', 'до сих пор');
    await page.locator('.chart canvas').waitFor();
    await dashboard.stand.media.open();
    await page.locator('#alerts').waitFor({ state: 'hidden' });
    await expect.poll(() => page.evaluate('told')).toEqual(['media не отвечает', 'media снова отвечает']);
  });
});

const short = { CLEAR_FLOOD_WAIT_S: '600', START_SPACING_S: '1' };

describeDashboard('Clear flood wait', short, (dashboard) => {
  it('says what it does and what of a longer wait remains, shows its steps, and can be cancelled', async () => {
    const { text, launcher } = dashboard.stand;
    const until = new Date(Date.now() + 7_200_000).toISOString();
    text.stats.floods = [{ scope: 'method:messages.sendMessage', until, seconds: 7200 }];
    const page = await dashboard.open();
    await says(page, '.gate', 'сообщения ждут в очереди');
    await page.locator('[data-action=clear-flood-wait]').click();
    await says(page, 'dialog', 'Остановит text, media');
    await says(page, 'dialog', 'text: от messages.sendMessage останется ещё');
    await page.keyboard.press('Escape');
    expect(launcher.asked).toEqual([]);
    await page.locator('[data-action=clear-flood-wait]').click();
    await page.locator('dialog .sure').click();
    await says(page, '#status', 'Сбрасываю flood wait, осталось');
    await says(page, '.steps [data-state=running]', 'ждать');
    expect(launcher.asked).toEqual(['stop send-text', 'stop send-media']);
    const start = page.locator('[data-service=send-text] [data-action=start]');
    await expect.poll(() => start.getAttribute('title')).toContain('сам останавливает и запускает');
    const file = join(launcher.dir, 'monitor/audit.jsonl');
    expect(await readFile(file, 'utf8')).toContain('clear-flood-wait');
    await page.locator('[data-action=cancel-flood-wait]').click();
    await page.locator('dialog .sure').click();
    await says(page, '.flood-hint', 'Отменено в');
    await expect.poll(() => launcher.asked.length, { timeout: 15_000 }).toBe(4);
  });
});
