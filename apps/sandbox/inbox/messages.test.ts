/** What was sent, as the page shows it, in a real Chromium on a real sandbox. */
import { Api } from 'telegram/tl/index.js';
import { expect, it } from 'vitest';
import { bubble, describeInbox } from '../testing/inbox-suite.ts';
import { DEMO_CHAT, over, png, SCRIPT, wav } from '../../testkit/sends.ts';

describeInbox('messages in the inbox', (inbox) => {
  it('have all of their formatting, and spoilers show what they hide on a click', async () => {
    const text = 'bold italic under strike code secret @vestnik_demo #tag https://example.org here tg bad';
    const entities = [
      over(text, 'bold', Api.MessageEntityBold),
      over(text, 'italic', Api.MessageEntityItalic),
      over(text, 'under', Api.MessageEntityUnderline),
      over(text, 'strike', Api.MessageEntityStrike),
      over(text, 'code', Api.MessageEntityCode),
      over(text, 'secret', Api.MessageEntitySpoiler),
      over(text, '@vestnik_demo', Api.MessageEntityMention),
      over(text, '#tag', Api.MessageEntityHashtag),
      over(text, 'https://example.org', Api.MessageEntityUrl),
      over(text, 'here', Api.MessageEntityTextUrl, { url: 'https://example.org/a' }),
      over(text, 'tg', Api.MessageEntityTextUrl, { url: 'tg://resolve?domain=x' }),
      over(text, 'bad', Api.MessageEntityTextUrl, { url: 'javascript:alert(1)' }),
    ];
    await inbox.sender.text(text, { entities });
    const page = await inbox.openChat();
    const words = page.locator('.words');
    for (const tag of ['strong', 'em', 'u', 's', 'code']) expect(await words.locator(tag).count()).toBe(1);
    const links = await page.evaluate(
      '[...document.querySelectorAll(".words a[target=_blank]")].map((a) => a.href)',
    );
    expect(links).toEqual(['https://example.org/', 'https://example.org/a', 'tg://resolve?domain=x']);
    expect(await words.locator('a[target=_blank]').first().getAttribute('rel')).toContain('noopener');
    expect(await words.locator('a.tag').getAttribute('href')).toBe(`#/${DEMO_CHAT}`);
    const spoiler = words.locator('.spoiler');
    const colour = () => page.evaluate('getComputedStyle(document.querySelector(".spoiler")).color');
    expect(await colour()).toBe('rgba(0, 0, 0, 0)');
    await spoiler.click();
    expect(await colour()).not.toBe('rgba(0, 0, 0, 0)');
  });

  it('show code with its language, quotes that unfold, and entities that overlap', async () => {
    const quote = ['one', 'two', 'three', 'four', 'five'].join('\n');
    const text = `let x = 1;\n${quote}\nabcdef`;
    await inbox.sender.text(text, {
      entities: [
        over(text, 'let x = 1;', Api.MessageEntityPre, { language: 'ts' }),
        over(text, quote, Api.MessageEntityBlockquote, { collapsed: true }),
        over(text, 'abcd', Api.MessageEntityBold),
        over(text, 'cdef', Api.MessageEntityItalic),
      ],
    });
    const page = await inbox.openChat();
    expect(await page.locator('figcaption').innerText()).toContain('ts');
    const height = () => page.evaluate('document.querySelector(".quoted").clientHeight');
    const before = await height();
    await page.locator('.unfold').click();
    expect(await height()).toBeGreaterThan(before as number);
    expect(await page.locator('.words em').allInnerTexts()).toEqual(['cd', 'ef']);
    expect(await page.locator('.words').innerText()).toContain('abcdef');
  });

  it('keep the proportions of a photo, and open it over the page until Escape', async () => {
    await inbox.sender.file({ bytes: png(900, 300), name: 'wide.png' }, 'wide');
    await inbox.sender.file({ bytes: png(300, 400), name: 'covered.png', spoiler: true });
    await inbox.sender.file({ bytes: png(300, 400), name: 'next.png' });
    const page = await inbox.openChat();
    const box = await page.locator('.visual').first().boundingBox();
    expect(box!.width / box!.height).toBeCloseTo(3, 1);
    await page.locator('.visual').first().click();
    await page.waitForSelector('dialog[open] img[alt=wide]');
    const isInside =
      'document.activeElement.closest("dialog") !== null || document.activeElement === document.body';
    for (let press = 0; press < 5; press++) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(isInside)).toBe(true);
    }
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector('dialog[open] img[alt="next.png"]');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
    expect(page.url()).toContain(DEMO_CHAT);
    await page.locator('.covered').click();
    expect(await page.locator('.covered').count()).toBe(0);
  });

  it('show albums of two to ten as a grid with one caption', async () => {
    for (const count of [2, 5, 10]) {
      await inbox.sender.album(
        Array.from({ length: count }, () => png(60, 40)),
        `album of ${count}`,
      );
    }
    const page = await inbox.openChat();
    expect(await page.locator('.bubble').count()).toBe(3);
    for (const count of [2, 5, 10]) {
      expect(await bubble(page, `album of ${count}`).locator('.visual').count()).toBe(count);
    }
  });

  it('play voice and music, and give files with their size to download', async () => {
    const voice = new Api.DocumentAttributeAudio({
      duration: 3,
      voice: true,
      waveform: Buffer.alloc(63, 0xa5),
    });
    const music = new Api.DocumentAttributeAudio({ duration: 65, title: 'Night', performer: 'Trio' });
    await inbox.sender.file({ bytes: wav(3), name: 'v.wav', mimeType: 'audio/wav', attributes: [voice] });
    await inbox.sender.file({ bytes: wav(2), name: 'm.wav', mimeType: 'audio/wav', attributes: [music] });
    await inbox.sender.file({ bytes: Buffer.alloc(2048), name: 'report.pdf', mimeType: 'application/pdf' });
    const page = await inbox.openChat();
    expect(await page.locator('.sound').first().innerText()).toContain('0:03');
    expect(await page.locator('.sound').nth(1).innerText()).toMatch(/Night[^]*1:05[^]*Trio/);
    await page.locator('.sound-play').first().click();
    await page.waitForSelector('.wave .played', { state: 'attached' });
    const download = page.waitForEvent('download');
    await page.locator('a.file').click();
    expect((await download).suggestedFilename()).toBe('report.pdf');
    expect(await page.locator('a.file').innerText()).toContain('2 КБ');
  });

  it('quote what they answer, and lead to it', async () => {
    const first = await inbox.sender.text('the first of all');
    for (let index = 0; index < 100; index++) await inbox.sender.text(`filler ${index}`);
    await inbox.sender.text('the answer', { replyTo: new Api.InputReplyToMessage({ replyToMsgId: first }) });
    const page = await inbox.openChat();
    const reply = bubble(page, 'the answer').locator('.reply');
    expect(await reply.innerText()).toContain('the first of all');
    await reply.click();
    await page.locator('[data-flash]', { hasText: 'the first of all' }).waitFor();
    await page.locator('#to-end').click();
    await bubble(page, 'the answer').waitFor();
  });

  it('say that they are silent, scheduled, edited or deleted', async () => {
    await inbox.sender.text('quiet one', { silent: true });
    await inbox.sender.text('later one', { scheduleDate: Math.floor(Date.now() / 1000) + 3600 });
    const id = await inbox.sender.text('before the edit');
    const page = await inbox.openChat();
    expect(await bubble(page, 'quiet one').locator('.quiet').count()).toBe(1);
    expect(await bubble(page, 'later one').innerText()).toContain('Запланировано на');
    const { peer } = inbox.sender;
    await inbox.sender.client.call(new Api.messages.EditMessage({ peer, id, message: 'after the edit' }));
    await bubble(page, 'after the edit').getByText('изменено').waitFor();
    const { channelId, accessHash } = peer as Api.InputPeerChannel;
    const channel = new Api.InputChannel({ channelId, accessHash });
    await inbox.sender.client.call(new Api.channels.DeleteMessages({ channel, id: [id] }));
    await bubble(page, 'after the edit').getByText('удалено').waitFor();
  });

  it('stand between waits and refusals, which are named and explained', async () => {
    const fail = async (error: string) => {
      await inbox.sandbox.post('/faults', [{ method: 'messages.sendMessage', error, times: 1 }]);
      await inbox.sender.text('refused').catch(() => {});
    };
    await inbox.sender.text('sent');
    await fail('FLOOD_WAIT_26');
    await fail('USER_BANNED_IN_CHANNEL');
    const page = await inbox.openChat();
    const lines = await page.locator('.service').allInnerTexts();
    expect(lines[0]).toMatch(/FLOOD_WAIT_26 на messages\.sendMessage[^]*подождать 26 с/);
    expect(lines[1]).toMatch(/USER_BANNED_IN_CHANNEL[^]*Аккаунту нельзя писать сюда/);
    expect(await page.locator('.service code').first().innerText()).toBe('FLOOD_WAIT_26');
  });

  it('never become markup, wherever words of others stand', async () => {
    const entities = [over(SCRIPT, SCRIPT, Api.MessageEntityPre, { language: SCRIPT })];
    await inbox.sender.text(SCRIPT);
    await inbox.sender.text(SCRIPT, { entities });
    const title = new Api.DocumentAttributeAudio({ duration: 1, title: SCRIPT, performer: SCRIPT });
    await inbox.sender.file(
      { bytes: wav(1), name: SCRIPT, mimeType: 'audio/wav', attributes: [title] },
      SCRIPT,
    );
    await inbox.sender.file({ bytes: Buffer.from('x'), name: SCRIPT, mimeType: 'text/html' }, SCRIPT);
    await inbox.sender.file({ bytes: png(30, 20), name: `${SCRIPT}.png` }, SCRIPT);
    await inbox.sandbox.post('/accounts', { phone: '9996620001', first_name: SCRIPT.slice(0, 64) });
    const page = await inbox.openChat();
    await page.locator('.visual').click();
    await page.waitForSelector('dialog[open]');
    await page.keyboard.press('Escape');
    await page.fill('#search', '<script>');
    await page.locator('.list-heading', { hasText: 'Сообщения' }).waitFor();
    expect(await page.locator('body script, img[src=x], [onerror]').count()).toBe(0);
    expect(await page.title()).toContain('Vestnik');
    expect(await page.locator('.account option').first().innerText()).toContain('<img');
  });
});
