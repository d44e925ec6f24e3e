/** Clear flood wait on the page, on the stack that `npm start` runs. The tests build on one another. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { says } from '../../monitor/testing/dashboard-suite.ts';
import { describePage, eventually, lookAt } from '../testing/page-stack.ts';

interface Procedure {
  readonly state: string;
  readonly seconds_left: number;
  readonly steps: readonly { readonly kind: string; readonly state: string; readonly until: string | null }[];
}

describePage('Clear flood wait on the whole stack', { CLEAR_FLOOD_WAIT_S: '20' }, (stack) => {
  const begin = async (page: Page) => {
    await page.locator('[data-action=clear-flood-wait]').click();
    await says(page, 'dialog', 'Остановит text, media');
    await page.locator('dialog .sure').click();
    await says(page, '#status', 'Сбрасываю flood wait, осталось');
    await says(page, '.steps [data-state=running]', 'ждать');
  };
  const procedure = async (page: Page) => {
    const answer = await page.request.get(`${stack.url}/api/procedures/clear-flood-wait`);
    return (await answer.json()) as Procedure;
  };
  const states = async () =>
    (await Promise.all(['send-text', 'send-media'].map((name) => stack.launcher.service(name)))).map(
      ({ state }) => state,
    );

  it('goes on where it was when the monitor is killed in its middle, and ends', async () => {
    const page = await stack.open();
    await page.locator('[data-action=clear-flood-wait]').click();
    await page.locator('dialog button').first().click();
    await page.waitForSelector('dialog', { state: 'detached' });
    expect(await states()).toEqual(['running', 'running']);

    await begin(page);
    expect(await states()).toEqual(['stopped', 'stopped']);
    const before = await procedure(page);
    const { pid } = await stack.launcher.service('monitor');
    process.kill(pid!, 'SIGKILL');
    await says(page, '#status', 'Монитор не отвечает с');
    await page.waitForSelector('body[data-connection=live]');
    const after = await procedure(page);
    expect(after).toMatchObject({ state: 'running' });
    expect(waitOf(after)).toMatchObject({ until: waitOf(before)!.until });
    expect(after.seconds_left).toBeLessThan(before.seconds_left);
    await says(page, '.steps [data-state=running]', 'ждать');
    const start = page.locator('[data-service=send-text] [data-action=start]');
    await eventually(() => start.getAttribute('title')).toContain('сам останавливает и запускает');
    await lookAt(page, 'clearing');

    await says(page, '.flood-hint', 'Выполнено в', 60_000);
    expect((await procedure(page)).steps.every(({ state }) => state === 'done')).toBe(true);
    await eventually(states).toEqual(['running', 'running']);
    await says(page, '#status', 'Всё отправляется');
    await page.locator('[data-tab=audit]').click();
    for (const what of ['ждать 20', 'конец']) await says(page, '.audit', new RegExp(what));
    await lookAt(page, 'cleared');
  });

  it('can be cancelled: what it stopped is started again', async () => {
    const page = await stack.open();
    await begin(page);
    await page.locator('[data-action=cancel-flood-wait]').click();
    await says(page, 'dialog', 'Остановленные сервисы запустятся снова');
    await page.locator('dialog .sure').click();
    await says(page, '.flood-hint', 'Отменено в');
    await eventually(states).toEqual(['running', 'running']);
    await says(page, '#status', 'Всё отправляется');
  });
});

function waitOf({ steps }: Procedure) {
  return steps.find(({ kind }) => kind === 'wait');
}
