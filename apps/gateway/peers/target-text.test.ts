import { describe, expect, it } from 'vitest';
import { readChat, readPhone, readUsername } from './target-text.ts';

const channel = { target: '-1003833950795' };
const demo = { target: '@vestnik_demo' };
const invite = { wrong: expect.stringContaining('is an invite') as string };
const noChat = { wrong: expect.stringContaining('is a link that names no chat') as string };
const wrongId = { wrong: expect.stringContaining('takes a chat id') as string };
const wrongName = { wrong: expect.stringContaining('takes a username') as string };

describe('a chat as people paste it', () => {
  it.each([
    [-1003833950795, channel],
    [' -1003833950795 ', channel],
    ['\u22121003833950795', channel],
    ['\u202a-1003833950795\u202c', channel],
    ['0777000', { target: '777000' }],
    ['me', { target: 'me' }],
    ['@Vestnik_Demo', demo],
    ['0', wrongId],
    ['1.5', wrongId],
    ['99999999999999999999', wrongId],
    ['vestnik_demo', wrongId],
    ['evil.example/t.me/durov', wrongId],
    ['nott.me/durov', wrongId],
    ['https://t.me.evil.example/durov', wrongId],
  ])('%j', (pasted, read) => expect(readChat(pasted)).toEqual(read));

  it.each([
    ['t.me/vestnik_demo', demo],
    ['HTTPS://T.ME/Vestnik_Demo/', demo],
    ['http://www.t.me/vestnik_demo/123', demo],
    ['https://t.me/s/vestnik_demo', demo],
    ['https://t.me/s/vestnik_demo/12?before=3', demo],
    ['https://t.me/vestnik_demo/12/34?single&t=5#part', demo],
    ['https://t.me/vestnik_demo?start=abc', demo],
    ['telegram.me/vestnik_demo', demo],
    ['https://telegram.dog/vestnik_demo', demo],
    ['vestnik_demo.t.me', demo],
    ['https://vestnik_demo.t.me/12?single', demo],
    ['tg://resolve?domain=vestnik_demo&post=12', demo],
    ['tg:resolve?domain=Vestnik_Demo', demo],
    ['https://t.me/c/3833950795/89', channel],
    ['https://t.me/c/1234567/89', { target: '-1000001234567' }],
    ['t.me/c/3833950795/5/89?thread=5', channel],
    ['tg://privatepost?channel=3833950795&post=89', channel],
    ['tg://user?id=777000', { target: '777000' }],
    ['tg://openmessage?user_id=777000', { target: '777000' }],
    ['tg://resolve?phone=9996620001', { target: '+9996620001' }],
    ['t.me/+9996620001', { target: '+9996620001' }],
    ['https://t.me/+AbCdEf0123_-', invite],
    ['https://t.me/%2BAbCdEf0123', invite],
    ['t.me/joinchat/AAAAAE', invite],
    ['tg://join?invite=AAAAAE', invite],
    ['https://t.me/addstickers/Animals', noChat],
    ['https://t.me/proxy?server=a', noChat],
    ['https://t.me/', noChat],
    ['t.me', noChat],
    ['share.t.me', noChat],
    ['t.me/c/abc/1', noChat],
    ['t.me/c/0/1', noChat],
    ['t.me/1name', noChat],
    ['tg://settings', noChat],
    ['tg://user?id=-5', noChat],
    ['tg:', noChat],
  ])('the link %s', (pasted, read) => {
    expect(readChat(pasted)).toEqual(read);
    expect(readUsername(pasted)).toEqual(read);
  });
});

describe('a username', () => {
  it.each(['vestnik_demo', '@vestnik_demo', ' VESTNIK_DEMO '])('%j', (pasted) => {
    expect(readUsername(pasted)).toEqual(demo);
  });

  it('is as long as Telegram takes them', () => {
    expect(readUsername('gif')).toEqual({ target: '@gif' });
    expect(readUsername('a'.repeat(32))).toEqual({ target: `@${'a'.repeat(32)}` });
  });

  it.each(['', '@', '1name', 'two__lines', 'ends_', 'a'.repeat(33), 'имя', 'a b', '-100', '@@name'])(
    '%j is none',
    (pasted) => expect(readUsername(pasted)).toEqual(wrongName),
  );
});

describe('a phone number', () => {
  it.each([
    ['+999 662 0001', '+9996620001'],
    ['9996620001', '+9996620001'],
    [9996620001, '+9996620001'],
    ['00 999 662 0001', '+9996620001'],
    ['\u202a+7\u00a0(900)\u00a0123\u201145\u201167\u202c', '+79001234567'],
    ['tel:+79001234567', '+79001234567'],
    ['+44 (0)20 7946 0958', '+442079460958'],
    ['+81 3 1234 5678', '+81312345678'],
    ['0081312345678', '+81312345678'],
  ])('%j', (pasted, target) => expect(readPhone(pasted)).toEqual({ target }));

  it.each([
    ['8 (900) 123-45-67', 'with +7 instead'],
    [89001234567, 'with +7 instead'],
    ['0912345678', 'no country code begins with 0'],
    ['000912345678', 'no country code begins with 0'],
    ['12', 'takes a phone number'],
    ['1'.repeat(16), 'takes a phone number'],
    ['+7900123x567', 'takes a phone number'],
  ])('%j is refused before anything is looked up', (pasted, words) => {
    expect(readPhone(pasted)).toEqual({ wrong: expect.stringContaining(words) as string });
  });
});
