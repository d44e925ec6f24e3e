import { Api } from 'telegram/tl/index.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { DEMO_CHAT, png, senderTo, type Sender } from '../../testkit/sends.ts';
import { rangeOf } from './media-file.ts';
import { unpackWaveform } from './inbox-media-views.ts';

interface Page {
  messages: { key: string; number: number; text: string; media?: { url: string; poster?: string } }[];
  lines: { text: string }[];
  codes: { text: string; from: string }[];
  waiting: { text: string; scheduled_for: number }[];
  has_older: boolean;
  has_newer: boolean;
}

let sandbox: TestSandbox;
let sender: Sender;
beforeEach(async () => {
  sandbox = await startSandbox();
  sender = await senderTo(sandbox);
});
afterEach(() => sandbox.dispose());

const page = (query = '') => sandbox.get<Page>(`/api/chats/${DEMO_CHAT}/messages${query}`);
const url = (path: string) => `http://127.0.0.1:${sandbox.httpPort}${path}`;
const numbers = ({ messages }: Page) => messages.map(({ number }) => number);

describe('a conversation', () => {
  it('is read page by page, in both directions and from the middle', async () => {
    for (let index = 1; index <= 200; index++) await sender.text(`message ${index}`);
    const latest = await page();
    expect([numbers(latest)[0], numbers(latest).at(-1)]).toEqual([121, 200]);
    expect(latest).toMatchObject({ has_older: true, has_newer: false });
    const older = await page('?before=121');
    expect([numbers(older)[0], numbers(older).at(-1)]).toEqual([41, 120]);
    expect(older).toMatchObject({ has_older: true, has_newer: true });
    expect(numbers(await page('?before=41'))).toHaveLength(40);
    const around = await page('?around=100');
    expect([numbers(around)[0], numbers(around).at(-1)]).toEqual([60, 139]);
    expect(numbers(await page('?after=190'))).toEqual([191, 192, 193, 194, 195, 196, 197, 198, 199, 200]);
  });

  it('is read with what others wrote in it, all in one order, each once', async () => {
    const texts: string[] = [];
    for (let index = 1; index <= 90; index++) {
      texts.push(`sent ${index}`, `heard ${index}`);
      await sender.text(`sent ${index}`);
      await sandbox.post('/incoming', { chat_id: DEMO_CHAT, from: '777000', text: `heard ${index}` });
    }
    const seen: Page['messages'] = [];
    for (let query = ''; ;) {
      const { messages, has_older: hasOlder } = await page(query);
      seen.unshift(...messages);
      if (!hasOlder) break;
      query = `?before=${messages[0]!.key}`;
    }
    expect(seen.map(({ text }) => text)).toEqual(texts);
    const [, , first] = seen;
    expect(await page(`?after=${first!.key}`)).toMatchObject({ messages: seen.slice(3, 83) });
    expect(await page(`?from=${first!.key}`)).toMatchObject({ messages: seen.slice(2), has_newer: false });
    expect(await page(`?around=in-45`)).toMatchObject({ messages: seen.slice(49, 129) });
  });

  it.each(['?before=x', '?around=-1', '?account=nobody'])('refuses %s', async (query) => {
    const answer = await fetch(url(`/api/chats/${DEMO_CHAT}/messages${query}`));
    expect(answer.status).toBeGreaterThanOrEqual(404);
  });

  it('tells what waits, what others wrote, and the codes from Telegram', async () => {
    await sender.text('later', { scheduleDate: Math.floor(Date.now() / 1000) + 600 });
    await sandbox.post('/incoming', { chat_id: DEMO_CHAT, from: '777000', text: 'hello' });
    const settings = new Api.CodeSettings({});
    await sender.client.call(
      new Api.auth.SendCode({ phoneNumber: '9996620001', apiId: 1, apiHash: 'x', settings }),
    );
    expect(await page()).toMatchObject({
      messages: [{ key: 'in-1', text: 'hello', from: 'Telegram' }],
      lines: [],
      waiting: [{ text: 'later' }],
    });
    const [{ code }] = await sandbox.get<[{ code: string }]>('/codes');
    const { codes } = await sandbox.get<Page>('/api/chats/777000/messages');
    expect(codes[0]?.text).toContain(code);
  });
});

describe('the search', () => {
  it('finds texts and file names whatever their case, the newest first', async () => {
    await sender.text('Ёлка у Причала');
    await sender.text('nothing');
    await sender.file({ bytes: Buffer.from('x'), name: 'причал.pdf', mimeType: 'application/pdf' }, 'file');
    const found = await sandbox.get<Page>(`/api/search?q=${encodeURIComponent('ПРИЧАЛ')}`);
    expect(found.messages.map(({ text }) => text)).toEqual(['file', 'Ёлка у Причала']);
  });

  it('takes what is typed as words, not as a pattern, and is bounded', async () => {
    for (let index = 0; index < 60; index++) await sender.text(`cost (net) ${index}`);
    const found = await sandbox.get<Page & { is_whole: boolean }>('/api/search?q=(net)');
    expect([found.messages.length, found.is_whole]).toEqual([50, false]);
    expect((await fetch(url(`/api/search?q=${'x'.repeat(201)}`))).status).toBe(422);
  });
});

describe('a file', () => {
  it('is given whole or by range, and never runs as a page', async () => {
    const bytes = Buffer.from('0123456789');
    await sender.file({ bytes, name: 'a.html', mimeType: 'text/html' });
    const path = (await page()).messages[0]!.media!.url;
    const whole = await fetch(url(path));
    expect(await whole.text()).toBe('0123456789');
    expect(whole.headers.get('content-disposition')).toContain('attachment');
    expect(whole.headers.get('content-security-policy')).toContain('sandbox');
    const part = await fetch(url(path), { headers: { Range: 'bytes=2-4' } });
    expect([part.status, await part.text()]).toEqual([206, '234']);
    expect(part.headers.get('content-range')).toBe('bytes 2-4/10');
    expect((await fetch(url(path), { headers: { Range: 'bytes=10-' } })).status).toBe(416);
  });

  it('is stood for by the picture that came with it, where that is one', async () => {
    const film = { bytes: Buffer.from('film'), name: 'a.mp4', mimeType: 'video/mp4' };
    await sender.file({ ...film, thumbnail: png(8, 6) });
    await sender.file({ ...film, thumbnail: Buffer.from('<svg/>') });
    await sender.file(film);
    const [pictured, wrong, bare] = (await page()).messages.map(({ media }) => media!.poster);
    const poster = await fetch(url(pictured!));
    expect(poster.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await poster.arrayBuffer()).equals(png(8, 6))).toBe(true);
    expect((await fetch(url(wrong!))).status).toBe(404);
    expect(bare).toBeUndefined();
  });

  it.each([
    ['bytes=0-', { start: 0, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-30', { start: 0, end: 9 }],
    ['bytes=4-99', { start: 4, end: 9 }],
    ['bytes=12-', 'outside'],
    ['bytes=-0', 'outside'],
    ['bytes=5-2', undefined],
    ['bytes=0-1,4-5', undefined],
    ['items=0-1', undefined],
    ['', undefined],
  ])('has the range %j as %j of 10 bytes', (header, expected) => {
    expect(rangeOf(header, 10)).toEqual(expected);
  });
});

it('unpacks a waveform of five bits a bar', () => {
  expect(unpackWaveform(Buffer.from([0b00100001, 0b10000100, 0b00010000, 0b01000010, 0b00001000]))).toEqual([
    1, 1, 1, 1, 1, 1, 1, 1,
  ]);
});

describe('the stream', () => {
  it('tells whoever comes back what was missed, once, and says so when it was too much', async () => {
    const first = await events();
    const { id } = await first.until('"calls"');
    await first.stop();
    await sender.text('missed one');
    const second = await events(id);
    const { text, id: secondId } = await second.until('missed one');
    expect(text.match(/missed one/g)).toHaveLength(2);
    await second.stop();
    await sandbox.post('/reset');
    const third = await events(secondId);
    expect((await third.until('"many":true')).text).not.toContain('missed one');
    await third.stop();
  });
});

it('tells a page what came between its reading of the chats and the opening of its stream', async () => {
  const { event_id: since } = await sandbox.get<{ event_id: string }>('/api/chats');
  await sender.text('in between');
  const stream = await events('', `?since=${since}`);
  await stream.until('in between');
  await stream.stop();
});

/** Reads the stream until words come, and tells the id of the last event. */
async function events(lastId = '', query = '') {
  const headers = { 'Last-Event-ID': lastId };
  const answer = await fetch(url(`/api/stream${query}`), { headers: lastId ? headers : {} });
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  return {
    async until(words: string): Promise<{ text: string; id: string }> {
      let text = '';
      while (!text.includes(words) || !text.endsWith('\n\n')) text += (await reader.read()).value ?? '';
      return { text, id: /^id: (.*)$/m.exec(text)?.[1] ?? '' };
    },
    stop: () => reader.cancel(),
  };
}
