/** The page while things break on the stack that `npm start` runs. The tests build on one another. */
import { createServer, type Server } from 'node:net';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { says } from '../../monitor/testing/dashboard-suite.ts';
import { cutLine } from '../../testkit/cut-line.ts';
import { describePage, eventually, lookAt } from '../testing/page-stack.ts';

const demo = '-1003833950795';
const markup = '<img src=x onerror="window.interpreted=1"><script>window.interpreted=1</script>';

/** Has the text gateway write a line of markup when it starts, as some library might. */
const preload = `if (process.argv[1]?.includes('send-text')) console.error(${JSON.stringify(markup)})`;
const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}` };

describePage('the page during an outage', env, (stack) => {
  const card = (page: Page, name: string) => page.locator(`[data-service=${name}]`);
  const rows = async (page: Page) =>
    (await page.locator('.row .row-message').allInnerTexts()).map((text) => text.trim());
  const diagnose = async (page: Page, cause: string | RegExp) => {
    await page.keyboard.press('d');
    await page.locator('[data-action=diagnose]:not([aria-busy])').waitFor();
    await says(page, '.cause h3', cause);
  };

  it('takes no line for markup, neither in the list nor whole', async () => {
    const page = await stack.open();
    await says(page, '.row', markup);
    await page.locator('.row', { hasText: '<img' }).click();
    await says(page, 'dialog .raw', markup);
    expect(await page.locator('main script, main img, dialog script, dialog img').count()).toBe(0);
    expect(await page.evaluate('window.interpreted')).toBeUndefined();
  });

  it('alerts after three misses, counts the restarts, names the cause, and is well after two good checks', async () => {
    const page = await stack.open();
    await says(page, '#status', 'Всё отправляется');
    await page.evaluate(`
      window.banners = [];
      new MutationObserver(() => window.banners.push(document.querySelector('#alerts').innerText))
        .observe(document.querySelector('#alerts'), { childList: true, subtree: true, characterData: true });`);
    const { pid } = await stack.launcher.service('send-media');
    process.kill(pid!, 'SIGKILL');
    const squatter = await holdPort(stack.launcher.ports.SEND_MEDIA_PORT);
    await says(page, '#status', /media/);
    await says(page, '#alerts', 'media не отвечает');
    const first = await page.evaluate<string>('window.banners.find(Boolean)');
    expect(Number(/(\d+) раз/.exec(first)![1])).toBeLessThanOrEqual(5); // The page looks every other second.
    await eventually(() => page.title()).toMatch(/^✗ .*media/);
    await says(page, '[data-service=send-media] .state', 'сбой');
    await says(page, '[data-service=send-media] .restarts', /перезапусков: [4-9]/);
    await diagnose(page, /media/);
    await lookAt(page, 'down');

    await new Promise((resolve) => squatter.close(resolve));
    await card(page, 'send-media').locator('[data-action=restart]').click();
    await page.locator('#alerts').waitFor({ state: 'hidden' });
    await says(page, '#status', 'Всё отправляется');
    await says(page, '[data-service=send-media] .restarts', /перезапусков: [4-9]/);
    await page.keyboard.press('2');
    await says(page, '.outages', 'media');
    await lookAt(page, 'back');
  });

  it('greys while the monitor is out of reach, and goes on with no line lost or twice', async () => {
    await using line = await cutLine(stack.launcher.ports.MONITOR_PORT);
    const page = await stack.open({ url: `http://127.0.0.1:${line.httpPort}` });
    const refuse = async (count: number) => {
      for (let number = 1; number <= count; number += 1)
        await stack.sendText({ chat_id: `-100${Date.now()}${number}`, text: 'To nobody' });
    };
    const written = async () => {
      const answer = await page.request.get(`${stack.url}/api/logs?class=cannot_resolve`);
      return ((await answer.json()) as { message: string }[]).map(({ message }) => message).toSorted();
    };
    const showsOnce = async (count: number) => {
      await eventually(written).toHaveLength(count);
      const lines = await written();
      await eventually(async () =>
        (await rows(page)).filter((row) => row.includes('not known')).toSorted(),
      ).toEqual(lines);
      expect(new Set(lines).size).toBe(count);
    };
    await refuse(1);
    await showsOnce(1);

    line.cut();
    await says(page, '#status', 'Монитор не отвечает с');
    await page.waitForSelector('body[data-connection=lost]');
    expect(await page.locator('.actions button:not([aria-disabled=true])').count()).toBe(0);
    await refuse(2);
    await lookAt(page, 'lost', true); // Words that are not there yet cannot be fetched now.
    line.mend();
    await page.waitForSelector('body[data-connection=live]');
    await showsOnce(3);

    const { pid } = await stack.launcher.service('monitor');
    process.kill(pid!, 'SIGKILL');
    await refuse(1);
    await eventually(async () => (await stack.launcher.service('monitor')).state).toBe('running');
    await page.waitForSelector('body[data-connection=live]');
    await refuse(1);
    await showsOnce(5);
  });

  it('counts a wait of Telegram down, and warns of a restart that would not help', async () => {
    const page = await stack.open();
    await stack.telegram('POST', '/faults', [
      { method: 'messages.sendMessage', error: 'FLOOD_WAIT_900', times: 1 },
    ]);
    expect(await stack.sendText({ chat_id: demo, text: 'Patience', wait: 0 })).toMatchObject({
      status: 'queued',
    });
    const gate = card(page, 'send-text').locator('.gate');
    await gate.getByText('сообщения ждут в очереди').waitFor();
    const before = await gate.innerText();
    await eventually(() => gate.innerText()).not.toBe(before);
    const restart = card(page, 'send-text').locator('[data-action=restart]');
    await eventually(() => restart.getAttribute('title')).toContain('Перезапуск этого не изменит');
    await diagnose(page, /text/);
    await lookAt(page, 'gate');
    await restart.click();
    await says(page, 'dialog', 'Перезапуск этого не изменит');
    await lookAt(page, 'restart', true);
    await page.keyboard.press('Escape');
    await page.locator('[data-action=clear-flood-wait]').click();
    await says(page, 'dialog', /text: .*останется ещё|к концу пройдут/);
    await lookAt(page, 'clear', true);
    await page.keyboard.press('Escape');

    await page.keyboard.press('4');
    await page.locator('#panel-messages select').selectOption('queued');
    await page.locator('.message [data-action=cancel]').click();
    await says(page, '.message .outcome', 'Отменено.');
  });

  it('says that the session was revoked, and what to do', async () => {
    const page = await stack.open();
    await stack.telegram('POST', '/sessions/revoke', { phone: '9996620001' });
    await stack.sendPhoto({ chat_id: demo, wait: '0' });
    await says(page, '#status', /media не отправляет/);
    await says(page, '#alerts', 'media');
    await diagnose(page, /media/);
    await says(page, '.causes', 'npm run login');
    await lookAt(page, 'revoked');
  });
});

/** Takes a port as soon as it is free, and hangs up on whoever calls. */
async function holdPort(port: number): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  for (let tries = 1; ; tries += 1) {
    const taken = await new Promise<Error | undefined>((resolve) => {
      server.once('error', resolve).listen(port, '127.0.0.1', () => resolve(undefined));
    });
    if (taken === undefined) return server;
    if (tries === 200) throw taken;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
