/** What stands in a message in place of a file, and pictures that stand for files, in a real Chromium. */
import { Api } from 'telegram/tl/index.js';
import { expect, it } from 'vitest';
import { bubble, describeInbox } from '../../testing/inbox-suite.ts';
import { png, pollOf } from '../../../testkit/sends.ts';

describeInbox('cards in the inbox', (inbox) => {
  const geoPoint = new Api.InputGeoPoint({ lat: 59.9386, long: 30.3141 });

  it('show a poll, and its votes as they come', async () => {
    const fields = { multipleChoice: true, publicVoters: true };
    const msgId = await inbox.sender.card(pollOf('What for lunch?', ['Soup', 'Pie', 'Nothing'], fields));
    const page = await inbox.openChat();
    const poll = page.locator('.poll');
    expect(await poll.innerText()).toMatch(/What for lunch\?\s+Открытый опрос · несколько ответов\s+Soup/);
    expect(await poll.locator('.choice.many').count()).toBe(3);
    expect(await poll.locator('.poll-votes').innerText()).toBe('Голосов пока нет');
    const options = [Buffer.of(0), Buffer.of(1)];
    await inbox.sender.client.call(new Api.messages.SendVote({ peer: inbox.sender.peer, msgId, options }));
    await poll.getByText('1 голос').waitFor();
    expect(await poll.locator('li b').allInnerTexts()).toEqual(['100%', '100%', '0%']);
    const widths = await page.evaluate<number[]>(
      '[...document.querySelectorAll(".poll li")].map((item) => parseFloat(getComputedStyle(item, "::after").width))',
    );
    expect(widths[0]).toBeGreaterThan(widths[2]! * 10);
  });

  it('show a quiz with its right answer and why it is right', async () => {
    const more = { quiz: true, correct: [1], solution: 'Twenty-four hours.' };
    await inbox.sender.card(pollOf('Seconds in a day?', ['3,600', '86,400'], more));
    const page = await inbox.openChat();
    const poll = page.locator('.poll');
    expect(await poll.innerText()).toMatch(/Анонимная викторина[^]*Пояснение\s+Twenty-four hours\./);
    expect(await poll.locator('li[data-right]').innerText()).toContain('86,400');
    expect(await poll.locator('li', { hasText: '3,600' }).locator('.right').count()).toBe(0);
  });

  it('show contacts, places, dice and the page that a link leads to', async () => {
    const { card } = inbox.sender;
    const name = { firstName: 'Maria', lastName: 'Pilot', vcard: '' };
    await card(new Api.InputMediaContact({ phoneNumber: '79991234567', ...name }));
    await card(new Api.InputMediaGeoPoint({ geoPoint }));
    const venue = { title: 'Cafe North', address: 'Quay 4', provider: '', venueId: '', venueType: '' };
    await card(new Api.InputMediaVenue({ geoPoint, ...venue }));
    await card(new Api.InputMediaDice({ emoticon: '🎲' }));
    await card(new Api.InputMediaWebPage({ url: 'https://example.org/a' }), 'see https://example.org/a');
    const permissions = ['clipboard-read', 'clipboard-write'];
    const page = await inbox.openChat({ permissions });
    expect(await page.locator('.contact').innerText()).toMatch(/МП|MP[^]*Maria Pilot[^]*\+79991234567/);
    await page.locator('.map').first().click();
    await page.locator('#toast', { hasText: 'Скопировано' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('59.9386, 30.3141');
    const map = page.getByRole('link', { name: 'Открыть в OpenStreetMap' }).first();
    expect(await map.getAttribute('href')).toContain('mlat=59.9386&mlon=30.3141');
    expect(await bubble(page, 'Cafe North').innerText()).toContain('Quay 4');
    const label = await page.locator('.dice').getAttribute('aria-label');
    const dots = await page.locator('.dice circle').count();
    expect(label).toBe(`🎲: выпало ${dots}`);
    expect(await page.locator('.link-preview').innerText()).toContain('example.org');
  });

  it('are found by their words', async () => {
    await inbox.sender.card(pollOf('Who keeps the lantern?', ['I', 'You']));
    const page = await inbox.open();
    await page.fill('#search', 'lantern');
    await page.locator('.list-heading', { hasText: 'Сообщения' }).waitFor();
    await page.locator('.chat').last().click();
    await page.locator('.bubble[data-flash] .poll').waitFor();
  });

  it('stand for films and files by the picture that came with them, until a film is played', async () => {
    const film = new Api.DocumentAttributeVideo({ duration: 65, w: 640, h: 360 });
    const mp4 = { bytes: Buffer.alloc(2000), mimeType: 'video/mp4', thumbnail: png(32, 18) };
    await inbox.sender.file({ ...mp4, name: 'film.mp4', attributes: [film] });
    const zip = { bytes: Buffer.alloc(99), mimeType: 'application/zip' };
    await inbox.sender.file({ ...zip, name: 'a.zip', thumbnail: png(8, 8) });
    await inbox.sender.file({ ...zip, name: 'b.zip', thumbnail: Buffer.from('no picture') });
    const page = await inbox.openChat();
    const poster = await page.locator('video').getAttribute('poster');
    const shown = await page.request.get(new URL(poster!, page.url()).href);
    expect(shown.headers()['content-type']).toBe('image/png');
    expect(await page.locator('.visual .length').innerText()).toBe('1:05');
    const thumbnails = page.locator('.file-thumbnail img');
    await expect.poll(() => thumbnails.count()).toBe(1);
    await page.locator('.start').click();
    expect(await page.locator('video').getAttribute('controls')).not.toBeNull();
    expect(await page.locator('.start').count()).toBe(0);
  });
});
