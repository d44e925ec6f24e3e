/** The whole page, looked at by axe in a real Chromium: in both themes, with all kinds of messages, and with each part open. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { Api } from 'telegram/tl/index.js';
import { expect, it } from 'vitest';
import { describeInbox, type InboxSuite } from '../testing/inbox-suite.ts';
import { over, png, pollOf, wav } from '../../testkit/sends.ts';

describeInbox('to those who see it otherwise the inbox', (inbox) => {
  it.each([
    ['dark', 'ru-RU'],
    ['light', 'en-GB'],
  ] as const)('has nothing that axe objects to, %s, %s', async (colorScheme, locale) => {
    await sendAll(inbox);
    const page = await inbox.openChat({ colorScheme, locale });
    await page.locator('.poll').waitFor();
    expect(await problemsOf(page)).toEqual([]);
    await page.keyboard.press('f');
    await page.locator('#active > *').waitFor();
    expect(await problemsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.locator('button.visual').first().click();
    await page.locator('dialog[open]').waitFor();
    expect(await problemsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.fill('#search', 'bold');
    await page.locator('.chat mark').first().waitFor();
    expect(await problemsOf(page)).toEqual([]);
    await page.locator('#open-connect').click();
    await page.locator('.facts').waitFor();
    expect(await problemsOf(page)).toEqual([]);
  });
});

async function sendAll({ sender, sandbox }: InboxSuite): Promise<void> {
  const text = 'bold code secret link quote';
  const entities = [
    over(text, 'bold', Api.MessageEntityBold),
    over(text, 'code', Api.MessageEntityCode),
    over(text, 'secret', Api.MessageEntitySpoiler),
    over(text, 'link', Api.MessageEntityTextUrl, { url: 'https://example.org' }),
    over(text, 'quote', Api.MessageEntityBlockquote),
  ];
  const id = await sender.text(text, { entities, silent: true });
  await sender.text('answer', { replyTo: new Api.InputReplyToMessage({ replyToMsgId: id }) });
  await sender.text('later', { scheduleDate: Math.floor(Date.now() / 1000) + 3600 });
  await sandbox.post('/incoming', { chat_id: '-1003833950795', from: '777000', text: 'heard' });
  await sender.file({ bytes: png(300, 200), name: 'photo.png' }, 'caption');
  await sender.file({ bytes: wav(1), name: 'v.wav', mimeType: 'audio/wav', attributes: [voice()] });
  await sender.file({ bytes: Buffer.alloc(9), name: 'a.zip', mimeType: 'application/zip' });
  const film = new Api.DocumentAttributeVideo({ duration: 5, w: 64, h: 36 });
  const mp4 = { bytes: Buffer.alloc(9), name: 'a.mp4', mimeType: 'video/mp4', attributes: [film] };
  await sender.file({ ...mp4, thumbnail: png(64, 36) });
  const geoPoint = new Api.InputGeoPoint({ lat: 1.5, long: -2.5 });
  await sender.card(new Api.InputMediaGeoPoint({ geoPoint }));
  await sender.card(new Api.InputMediaDice({ emoticon: '🎲' }));
  await sender.card(pollOf('Question', ['One', 'Two'], { quiz: true, correct: [0], solution: 'So it is.' }));
  await sandbox.post('/faults', [{ method: 'messages.sendMessage', error: 'FLOOD_WAIT_26', times: 1 }]);
  await sender.text('refused').catch(() => {});
}

function voice() {
  return new Api.DocumentAttributeAudio({ duration: 1, voice: true, waveform: Buffer.alloc(63, 0xa5) });
}

/** What axe found, with its places. Spoilers are left out: their text is not to be seen, so their name must not hold it. */
async function problemsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<{
    violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[];
  }>('axe.run({ exclude: [[".spoiler"]] })');
  return violations.map(({ id, help, nodes }) => {
    return `${id}: ${help}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`;
  });
}
