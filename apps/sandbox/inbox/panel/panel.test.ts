/** The drawer: faults and limits set by hand, what they refuse, and the counters, in a real Chromium. */
import { expect, it } from 'vitest';
import { describeInbox } from '../../testing/inbox-suite.ts';
import { DEMO_CHAT } from '../../../testkit/sends.ts';

describeInbox('the drawer of the inbox', (inbox) => {
  it('sets faults by hand, counts what they hit, and takes them out again', async () => {
    const page = await inbox.open(`#/${DEMO_CHAT}`);
    await page.locator('main [data-action=panel]').click();
    await page.fill('[name=method]', 'messages.sendMessage');
    await page.locator('[data-preset=FLOOD_WAIT_26]').click();
    await page.fill('[name=times]', '2');
    await page.getByText('Добавить сбой').click();
    await page.locator('.active', { hasText: '2 вызова осталось' }).waitFor();
    await expect(inbox.sender.text('x')).rejects.toMatchObject({
      errorMessage: expect.stringContaining('FLOOD') as string,
    });
    await page.locator('.active', { hasText: '1 вызов остался' }).waitFor();
    await page.locator('.bars.bad', { hasText: 'FLOOD_WAIT' }).waitFor();
    await page.locator('.service', { hasText: 'FLOOD_WAIT_26' }).waitFor();
    await page.locator('.active button').click();
    await page.getByText('Сбоев и лимитов нет').waitFor();
    await inbox.sender.text('y');
    await page.locator('.bubble', { hasText: 'y' }).waitFor();
  });

  it('shows at its field what a fault or limit cannot be', async () => {
    const page = await inbox.open('', { locale: 'en-GB' });
    await page.keyboard.press('f');
    const submit = (label: string) => page.getByText(label, { exact: true }).click();
    const wrong = (name: string) => page.locator(`.field:has([name="${name}"]) em`).innerText();
    await submit('Add fault');
    expect(await wrong('error')).toContain('choose an error');
    await page.fill('[name=error]', 'PEER_FLOOD');
    await page.fill('[name=method]', '1bad');
    await submit('Add fault');
    await page.locator('em', { hasText: 'takes a method' }).waitFor();
    expect(await wrong('method')).toContain('takes a method');
    await page.fill('[name="account.per_second"]', 'many');
    await submit('Set limits');
    expect(await wrong('account.per_second')).toContain('above 0');
    await page.fill('[name="account.per_second"]', '5');
    await submit('Set limits');
    await page.locator('.active', { hasText: '5/s' }).waitFor();
    expect(await inbox.sandbox.get('/limits')).toEqual({ account: { per_second: 5, burst: 5 } });
    await page.keyboard.press('Escape');
    await page.locator('#panel').waitFor({ state: 'hidden' });
  });

  it('bans and floods at once, cuts after the next send, and resets when asked twice', async () => {
    const page = await inbox.open(`#/${DEMO_CHAT}`);
    await page.keyboard.press('f');
    await page.getByText('Бан в этом чате').click();
    await page.getByText('Снять бан в чате').waitFor();
    await expect(inbox.sender.text('x')).rejects.toMatchObject({ errorMessage: 'USER_BANNED_IN_CHANNEL' });
    await page.getByText('Flood на getDialogs').click();
    await page.getByText('Обрыв после отправки').click();
    await page.locator('.active li').nth(1).waitFor();
    const faults = await inbox.sandbox.get<{ method: string }[]>('/faults');
    expect(faults.map(({ method }) => method)).toEqual(['messages.getDialogs', 'messages.sendMessage']);
    await page.getByText('Сбросить всё').click();
    await page.getByText('Нажмите ещё раз').click();
    await page.getByText('Сбоев и лимитов нет').waitFor();
    expect(await inbox.sandbox.get('/faults')).toEqual([]);
  });

  it('sets what a server does to sessions, connections and its clock, and says it in words', async () => {
    const page = await inbox.open('', { locale: 'en-GB' });
    await page.keyboard.press('f');
    const add = async (words: string) => {
      await page.getByText('Add fault', { exact: true }).click();
      await page.locator('.active li', { hasText: words }).waitFor();
    };
    const choose = (name: string, value: string) => page.locator(`[name=${name}]`).selectOption(value);
    await choose('drop', 'forget_session after');
    await add('session forgotten after the call');
    await choose('drop', 'forget_init true');
    await add('initConnection forgotten');
    await page.fill('[name=move_to]', '4');
    await add('account moves to data centre 4');
    await choose('drop', 'connection drain');
    await add('server drains');
    await page.fill('[name=transport_error]', '−429');
    await add('transport error -429');
    await page.fill('[name=omit_item]', '2');
    await add('answer without item 2');
    await page.fill('[name=error]', 'INTERNAL');
    await choose('carry_out', 'yes');
    await add('after the call is carried out');
    await choose('clock_drifts_back', 'yes');
    await page.fill('[name=clock_skew_seconds]', '-90');
    await page.getByText('Add fault', { exact: true }).click();
    await page.locator('em', { hasText: 'for how long' }).waitFor();
    await page.fill('[name=for_seconds]', '300');
    await add('evenly');
    expect(await inbox.sandbox.get('/faults')).toMatchObject([
      { forget_session: 'after' },
      { forget_init: true },
      { move_to: 4 },
      { connection: 'drain' },
      { transport_error: -429 },
      { omit_item: 2, method: 'messages.sendMultiMedia' },
      { error: 'INTERNAL', carry_out: true },
      { clock_skew_seconds: -90, clock_drifts_back: true },
    ]);
  });

  it('shows what the schedule still holds, and clears it', async () => {
    const page = await inbox.open();
    await page.keyboard.press('f');
    const world = { banned: [DEMO_CHAT] };
    const steps = [{ after_seconds: 600, faults: [{ error: 'PEER_FLOOD' }], world, jitter_seconds: 5 }];
    await inbox.sandbox.post('/schedule', { steps });
    const row = page.locator('.active li', { hasText: 'Сбои · Баны и медленный режим' });
    expect(await row.innerText()).toContain('через 10 мин');
    await page.getByText('Очистить расписание').click();
    await row.waitFor({ state: 'detached' });
    expect(await inbox.sandbox.get('/schedule')).toEqual({ steps: [] });
  });

  it('says in the language of the page what the sandbox refuses', async () => {
    const page = await inbox.open();
    await page.keyboard.press('f');
    const wrong = (name: string) => page.locator(`.field:has([name="${name}"]) em`).innerText();
    await page.fill('[name=error]', 'PEER_FLOOD');
    await page.fill('[name=delay_ms]', '9000000');
    await page.getByText('Добавить сбой').click();
    await page.locator('em').waitFor();
    expect(await wrong('delay_ms')).toBe('миллисекунды, не больше часа');
    await page.fill('[name=limited]', '1bad');
    await page.getByText('Задать лимиты').click();
    await page.locator('.field:has([name=limited]) em').waitFor();
    expect(await wrong('limited')).toBe('метод, например messages.sendMessage');
  });

  it('says in the language of the page that the sandbox is out of reach', async () => {
    const page = await inbox.open();
    await page.keyboard.press('f');
    await page.route('**/faults', (route) => route.abort());
    await page.getByText('Flood на getDialogs').click();
    await page.locator('#toast', { hasText: 'Песочница не отвечает.' }).waitFor();
  });
});
