/** Every text that others write and the page shows, in a real Chromium: none becomes an element, and no script runs. */
import { expect, it } from 'vitest';
import { describeDashboard, says } from './testing/dashboard-suite.ts';

const forged = [
  '<img src=x onerror="window.forged=1"><script>window.forged=1</script>',
  '"><svg onload=window.forged=1><a href="javascript:window.forged=1">x</a>',
  "' onmouseover='window.forged=1' x='${window.forged=1}{{window.forged=1}}",
  '</script></textarea></title></style><iframe srcdoc="<script>parent.forged=1</script>">',
].join(' ');
const gate = { scope: forged, until: null, seconds: 60 };
const reason = { code: 'flood_wait', values: { method: forged, name: forged, left_s: 20 }, text: forged };
const message = {
  id: forged,
  status: 'failed',
  chat_id: forged,
  attempts: 3,
  class: forged,
  detail: forged,
  caller: forged,
  reason: { ...reason, since: forged, until: forged },
  not_before: null,
  request_id: forged,
  accepted_at: forged,
};

describeDashboard('the page', {}, (dashboard) => {
  it('takes nothing for markup that a service, a chat, a file or an engine says', async () => {
    const { text, media, launcher } = dashboard.stand;
    for (const gateway of [text, media]) {
      gateway.health = {
        status: 'degraded',
        reasons: [forged],
        causes: [reason],
        checks: { telegram: { ok: false, detail: forged } },
      };
      Object.assign(gateway.stats, { account: forged, version: forged, floods: [gate] });
      gateway.stats.errors = {
        total: 1,
        by_class: { [forged]: 3 },
        recent: [{ at: new Date(), class: forged, message: forged, chat_id: forged, id: forged }],
      };
      gateway.metrics += `telegram_gateway_errors_total{class="${forged.replaceAll('"', '\\"')}"} 1\n`;
      gateway.pages['/messages?limit=50&status=failed'] = {
        status: 200,
        body: { messages: [message], next: forged },
      };
      gateway.answer = { status: 429, body: { detail: forged, class: forged } };
    }
    launcher.write('send-text', forged, 'stderr');
    const fields = {
      msg: forged,
      class: forged,
      chat: forged,
      file: forged,
      title: forged,
      id: forged,
      err: { message: forged, stack: forged },
    };
    launcher.write('send-media', JSON.stringify({ level: 'error', time: Date.now(), ...fields }));
    launcher.refusal = forged;

    const page = await dashboard.open();
    await page.locator('[data-service=send-text] [data-action=reload-cache]').click();
    await says(page, '[data-service=send-text] .outcome', 'window.forged');
    await page.locator('[data-service=send-text] [data-action=restart]').click();
    await page.locator('dialog .sure').click();
    await page.waitForSelector('dialog', { state: 'detached' });
    await expect.poll(() => page.locator('.row').count()).toBeGreaterThan(1);
    await page.locator('.row').first().click();
    await says(page, 'dialog .raw', 'window.forged');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
    const shown = {
      health: '#panel-health',
      messages: '#panel-messages .message',
      audit: '#panel-audit',
      diagnostics: '#panel-diagnostics',
    };
    for (const [tab, selector] of Object.entries(shown)) {
      await page.locator(`[data-tab=${tab}]`).click();
      await page.locator(selector).first().waitFor();
      if (tab === 'diagnostics') await page.keyboard.press('d');
      if (tab !== 'health') await says(page, selector, /window\.forged/);
      expect(
        await page.locator('main script, dialog script, iframe, [onerror], [onload], [onmouseover]').count(),
        tab,
      ).toBe(0);
      expect(await page.locator('[href^="javascript:" i], img[src=x]').count(), tab).toBe(0);
    }
    expect(await page.evaluate('window.forged')).toBeUndefined();
  });
});
