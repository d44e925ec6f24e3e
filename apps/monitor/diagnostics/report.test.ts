/** What a report says, and that the page has words for all of it in both languages. */
import { describe, expect, it } from 'vitest';
import { enDiagnostics } from '../../../dashboard/locales/en-diagnostics.js';
import { ruDiagnostics } from '../../../dashboard/locales/ru-diagnostics.js';
import { causeIds, factIds } from './causes.ts';
import type { Run } from './checks.ts';
import { checkIds, detailIds } from './outcome.ts';
import { createReport } from './report.ts';
import { say } from './words.ts';

const line = {
  at: '2026-02-20T04:29:00.000Z',
  level: 'ERROR' as const,
  class: 'banned',
  message: '<b>banned</b> {chat}',
  chat: '-1001',
};
const service = {
  name: 'send-media',
  label: 'media',
  state: 'running',
  stateDetail: null,
  restarts: 0,
  port: null,
  answers: true,
  telegram: { ok: true, detail: '' },
  authorized: { ok: true, detail: '' },
  accountState: null,
  cacheSize: 300,
  gates: [],
  lines: [line, line],
} as const;
const run: Run = {
  at: '2026-02-20T04:30:00.000Z',
  checks: [
    {
      check: 'errors',
      service: 'send-media',
      ok: false,
      detail: 'errors',
      ms: 3.14,
      values: { count: 1, last_at: line.at },
      causes: [],
      lines: [line],
    },
  ],
  evidence: { now: Date.parse('2026-02-20T04:30:00Z'), services: [service], disk: null, clockOffsetMs: null },
};

describe('a report', () => {
  it('has an id and values for a page, and the same in an English sentence, lines of logs as they are', () => {
    const { checks, causes } = createReport(run);
    expect(checks).toMatchObject([
      {
        check: 'errors',
        service: 'send-media',
        ok: false,
        id: 'errors',
        ms: 3.1,
        detail: `lines: 1, the last of ${line.at}\n${line.at} <b>banned</b> {chat}`,
        values: { count: 1, last_at: line.at },
      },
    ]);
    expect(causes).toMatchObject([
      {
        id: 'banned',
        service: 'send-media',
        title: 'The account is banned in a chat',
        evidence: ['chats: -1001', `${line.at} <b>banned</b> {chat} (2 times)`],
        advice: expect.stringContaining('Do not retry'),
        facts: [
          { id: 'chats', values: { chats: '-1001', count: 1 }, causes: [] },
          { line: { at: line.at, message: line.message }, count: 2 },
        ],
      },
    ]);
  });

  it('says amounts with their units', () => {
    const values = { scope: 'strangers', left_s: 53_280, until_at: 'then' };
    expect(say('fact.gate', values)).toBe('strangers: closed for 14 h 48 min more, until then');
    expect(say('detail.disk', { free_bytes: 150e6, total_bytes: 40e9 })).toBe('150 MB of 40 GB are free');
    expect(say('detail.telegram_ping', { ping_ms: 12 })).toBe('Telegram answers in 12 ms');
  });
});

describe('the words of diagnostics', () => {
  const keys = [
    ...checkIds.map((id) => `check.${id}`),
    ...detailIds.map((id) => `detail.${id}`),
    ...factIds.map((id) => `fact.${id}`),
    ...causeIds.flatMap((id) => [`cause.${id}`, `cause.${id}.do`, `cause.${id}.avoid`]),
  ];
  const placesIn = (words: string) => [...words.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

  it.each(keys)('are there in both languages for %s, with the same values in them', (key) => {
    const en = (enDiagnostics as Record<string, string>)[key];
    const ru = (ruDiagnostics as Record<string, string>)[key];
    expect(en).toMatch(/\S/);
    expect(ru).toMatch(/\S/);
    expect(placesIn(ru!)).toEqual(placesIn(en!));
  });

  it('are told in Russian in Russian', () => {
    const named =
      /\b(?:HTTP|PORT|DATA_DIR|RETAIN_DAYS|SPOOL_LIMIT_MB|DNS|TELEGRAM_ACCOUNT|Telegram|PEER_FLOOD|PersistentTimestamp)\b/g;
    const left = Object.entries<string>(ruDiagnostics).flatMap(([key, words]) => {
      const plain = words
        .replace(/\{\w+\}|\S+@telegram\.org|https:\S+|`[^`]*`|\([^)]*\)|@\w+|\/\w+|\bpid\b|flood wait/g, '')
        .replace(named, '');
      return /[a-z]{2,}/i.test(plain) ? [`${key}: ${words}`] : [];
    });
    expect(left).toEqual([]);
  });
});
