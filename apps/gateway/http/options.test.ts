import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commonFields, parseFields } from './fields.ts';
import { checkSchedule, optionFields, optionsOf } from './options.ts';

const schema = z.strictObject(optionFields);
const now = Date.parse('2030-01-01T00:00:00Z');
const seconds = now / 1000;
const read = (body: unknown) => {
  const options = optionsOf(parseFields(schema, body));
  checkSchedule(options, now);
  return options;
};

describe('the options of a send', () => {
  it('are nothing when nothing is asked for, or only what is so anyway', () => {
    expect(read({})).toEqual({});
    expect(read({ silent: false, link_preview: true })).toEqual({});
  });

  it('are left out where they are null or an empty text, as forms and tools send them', () => {
    for (const blank of [null, '']) {
      const body = {
        reply_to: blank,
        topic_id: blank,
        silent: blank,
        parse_mode: blank,
        link_preview: blank,
      };
      expect(read(body)).toEqual({});
    }
    expect(read({ schedule_at: null })).toEqual({});
  });

  it('with a lone surrogate anywhere are refused', () => {
    expect(() => read({ callback_url: 'http://a/\ud83d' })).toThrow(
      'callback_url holds half a character (a lone surrogate',
    );
    expect(() => read({ 'a\udc00': 1 })).toThrow('half a character');
  });

  it('that are not fields are named in few words, however many', () => {
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`unknown_field_${n}`, n]));
    expect(() => read(many)).toThrow('unknown_field_5 and 99994 more are not fields of this endpoint');
  });

  it('come as JSON', () => {
    const body = { reply_to: 5, topic_id: 7, silent: true, link_preview: false, schedule_at: seconds + 60 };
    expect(read(body)).toEqual({
      replyTo: 5,
      topicId: 7,
      silent: true,
      linkPreview: false,
      scheduleAt: seconds + 60,
    });
  });

  it('come as a form has them', () => {
    const body = { reply_to: '5', topic_id: '7', silent: '1', link_preview: 'false' };
    expect(read({ ...body, schedule_at: String(seconds + 60) })).toEqual({
      replyTo: 5,
      topicId: 7,
      silent: true,
      linkPreview: false,
      scheduleAt: seconds + 60,
    });
  });

  it('have their words in any case', () => {
    expect(read({ silent: 'True', link_preview: 'FALSE' })).toEqual({ silent: true, linkPreview: false });
    expect(parseFields(z.object(commonFields), { me: 'TRUE' })).toMatchObject({ me: 'me' });
  });

  it.each([
    ['HTML', 'html'],
    ['Markdown', 'legacy'],
    ['markdown', 'markdown'],
    ['MARKDOWN', 'markdown'],
    ['MarkdownV2', 'markdown'],
    ['markdownv2', 'markdown'],
    ['Telethon', 'telethon'],
    ['None', 'none'],
  ])('take the parse_mode %s', (parse_mode, mode) => {
    expect(parseFields(schema, { parse_mode })).toMatchObject({ parse_mode: mode });
  });

  it.each([
    ['2030-01-01T00:01:00Z', 60],
    ['2030-01-01T00:01:00.4Z', 60],
    ['2030-01-01T03:00:10+03:00', 10],
    [seconds + 10, 10],
    [seconds + 60.2, 60],
    ['2031-01-01T00:00:00Z', 365 * 86_400],
  ])('schedule for %s', (schedule_at, ahead) => {
    expect(read({ schedule_at })).toEqual({ scheduleAt: seconds + ahead });
  });

  it.each([
    [{ schedule_at: seconds + 9 }, 'this is 9 seconds ahead'],
    [{ schedule_at: seconds - 60 }, 'this is 60 seconds ago'],
    [{ schedule_at: '2031-01-01T00:00:01Z' }, 'at most a year ahead'],
    [{ schedule_at: now + 60_000 }, 'this looks like milliseconds'],
    [{ schedule_at: '2030-01-01T00:01:00' }, 'schedule_at takes an ISO 8601 time with its zone'],
    [{ schedule_at: '2030-02-30T00:01:00Z' }, 'schedule_at takes an ISO 8601 time with its zone'],
    [{ schedule_at: 'tomorrow' }, 'schedule_at takes an ISO 8601 time with its zone'],
    [{ schedule_at: true }, 'schedule_at takes an ISO 8601 time with its zone'],
    [{ reply_to: 0 }, 'reply_to takes the id of the message to answer'],
    [{ reply_to: 1.5 }, 'reply_to takes'],
    [{ schedule_at: '' }, 'schedule_at takes an ISO 8601 time with its zone'],
    [{ unknown: null }, 'unknown is not a field of this endpoint'],
    [{ topic_id: 2 ** 31 }, 'topic_id takes the id of a topic'],
    [{ silent: 'yes' }, 'silent takes true or false'],
    [{ link_preview: 2 }, 'link_preview takes true or false'],
    [{ parse_mode: 'bbcode' }, 'parse_mode takes none, markdown or MarkdownV2, html, telethon'],
    [{ parse_mode: 'legacy' }, 'parse_mode takes none'],
  ])('refuse %j and say: %s', (body, sentence) => {
    expect(() => read(body)).toThrow(sentence);
  });
});
