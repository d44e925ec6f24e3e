/** Lines as our gateways and the old Python services wrote them during the outage, and what is read from them. */
import { describe, expect, it } from 'vitest';
import type { FollowedLine } from '../supervisors/supervisor.ts';
import { Assembler } from './assembler.ts';
import { groupOf } from './log-line.ts';
import { readEntry } from './read-entry.ts';

/** The entries of these lines, each with its facts. */
function read(text: string | readonly string[], level: FollowedLine['level'] = 'INFO') {
  const assembler = new Assembler();
  const lines = typeof text === 'string' ? text.split('\n') : text;
  const entries = lines.flatMap((line, n) =>
    assembler.push({ service: 'send-text', at: n, text: line, level, cursor: String(n) }),
  );
  return [...entries, ...assembler.flush()].map((entry) => ({ ...entry, facts: readEntry(entry) }));
}
const facts = (text: string, level?: FollowedLine['level']) => read(text, level)[0]!.facts;

describe('a line of a gateway of ours', () => {
  const base = { time: '2026-11-23T10:00:00.000Z', service: 'send-text' };

  it('names its class, its message, its chat and its request', () => {
    const failed = {
      level: 'error',
      ...base,
      id: '0197f1c2',
      chat: '-1003833950795',
      attempts: 1,
      requestId: 'r-1',
      class: 'banned',
      msg: 'Telegram refused it: USER_BANNED_IN_CHANNEL',
    };
    expect(facts(JSON.stringify(failed))).toEqual({
      level: 'ERROR',
      class: 'banned',
      message: 'Telegram refused it: USER_BANNED_IN_CHANNEL',
      id: '0197f1c2',
      chat: '-1003833950795',
      request_id: 'r-1',
    });
  });

  it('without a class is read by the words of its error', () => {
    const lost = {
      level: 'error',
      ...base,
      err: { message: 'SQLITE_FULL: disk is full' },
      msg: 'not written',
    };
    expect(facts(JSON.stringify(lost))).toMatchObject({
      class: 'storage_full',
      message: 'not written: SQLITE_FULL: disk is full',
    });
    expect(facts(JSON.stringify({ level: 40, msg: 'odd', class: 'constructor' }))).toMatchObject({
      level: 'WARNING',
      class: 'other',
    });
  });

  it('below a warning counts only when it names a class: its words may be anybody’s', () => {
    expect(facts(JSON.stringify({ level: 'info', msg: 'answered FLOOD_WAIT' }))).toBeNull();
    expect(facts(JSON.stringify({ level: 30, msg: 'held', class: 'flood_wait' }))).toMatchObject({
      level: 'INFO',
      class: 'flood_wait',
    });
  });

  it('that lost its end on the way is still an error', () => {
    const long = JSON.stringify({ level: 'error', err: { message: 'ENOSPC', stack: 'x'.repeat(200) } });
    expect(facts(long.slice(0, 100))).toMatchObject({ level: 'ERROR', class: 'storage_full' });
  });
});

describe('a line of an old Python service', () => {
  it.each([
    [
      'ERROR: send_media failed: ValueError: Cannot resolve entity -1003833950795',
      'ERROR',
      'cannot_resolve',
      'send_media failed: ValueError: Cannot resolve entity -1003833950795',
    ],
    ['INFO: Sleeping for 26s (0:00:26) on GetDialogs flood wait', 'INFO', 'flood_wait', undefined],
    [
      'INFO:telethon.client.users:Sleeping for 26s (0:00:26) on GetDialogsRequest flood wait',
      'INFO',
      'flood_wait',
      undefined,
    ],
    [
      '2026-02-20 10:00:00,123 - telethon.client.updates - WARNING - Getting difference failed: PersistentTimestampOutdatedError',
      'WARNING',
      'persistent_timestamp',
      'Getting difference failed: PersistentTimestampOutdatedError',
    ],
    [
      '[2026-02-20 10:00:00 +0000] [812] [ERROR] Account is now banned in -1001234567890',
      'ERROR',
      'banned',
      'Account is now banned in -1001234567890',
    ],
    ['Account is now banned in -1001234567890', 'WARNING', 'banned', undefined],
    [
      'telethon.errors.rpcerrorlist.PersistentTimestampOutdatedError: Persistent timestamp outdated',
      'ERROR',
      'persistent_timestamp',
      undefined,
    ],
    [
      '2026-02-20 10:00:00.123 | ERROR    | app.send:send:42 - A wait of 26 seconds is required (caused by SendMessageRequest)',
      'ERROR',
      'flood_wait',
      undefined,
    ],
    ['sqlite3.OperationalError: database is locked', 'ERROR', 'storage_failed', undefined],
    [
      '[WARNING] Attempt 3 at connecting failed: ConnectionRefusedError',
      'WARNING',
      'telegram_unavailable',
      undefined,
    ],
    ['10:00:00 CRITICAL The key is not registered in the system', 'ERROR', 'session_lost', undefined],
    ['WARN something unheard of', 'WARNING', 'other', 'something unheard of'],
    [
      'ERROR: \u001b[31mred\u001b[0m <script>alert(1)</script>\u0007',
      'ERROR',
      'other',
      'red <script>alert(1)</script>',
    ],
  ])('%s', (text, level, name, message) => {
    expect(facts(text)).toMatchObject({ level, class: name, ...(message !== undefined && { message }) });
  });

  it('names the chat that was refused', () => {
    expect(facts('ERROR: Account is now banned in -1001234567890')!.chat).toBe('-1001234567890');
    expect(facts('ERROR: took -12345 ms')!.chat).toBeNull();
  });

  it.each([
    'INFO:     127.0.0.1:50122 - "POST /send_text HTTP/1.1" 200 OK',
    '2026-02-20 10:00:00,123 - app - INFO - no ERROR here',
    'Loaded 300 dialogs',
    '',
  ])('that says nothing of interest is passed over: %j', (text) => {
    expect(
      read(text)
        .map(({ facts: said }) => said)
        .filter((said) => said !== null),
    ).toEqual([]);
  });

  it('is a warning where all that is known of it is that it came on stderr', () => {
    expect(facts('send-text: a setting is wrong: COLOUR takes a colour', 'WARNING')).toMatchObject({
      level: 'WARNING',
      class: 'other',
    });
  });
});

describe('a traceback', () => {
  const frames = [
    'Traceback (most recent call last):',
    '  File "/srv/send.py", line 42, in send',
    '    await x()',
    '',
  ];
  const end = "telethon.errors.rpcerrorlist.ChatWriteForbiddenError: You can't write in this chat";

  it('is one entry with the line it ends with', () => {
    const [entry, next, ...more] = read([...frames, end, 'INFO: next', '']);
    expect(more).toEqual([]);
    expect(entry!.facts).toMatchObject({ level: 'ERROR', class: 'write_forbidden', message: end });
    expect(entry!.text.split('\n')).toHaveLength(5);
    expect(next!.text).toBe('INFO: next');
  });

  it('belongs to the error above it, and to no other line', () => {
    const [entry, ...more] = read(['ERROR:root:send_media failed', ...frames, end]);
    expect(more).toEqual([]);
    expect(entry!.facts!.message).toBe(`root:send_media failed: ${end}`);
    expect(read(['INFO: 127.0.0.1 asked', ...frames, end])).toHaveLength(2);
  });

  it('goes on through the exception it was raised from', () => {
    const linked = ['', 'During handling of the above exception, another exception occurred:', ''];
    const entries = read([...frames, 'KeyError: 1', ...linked, ...frames, end, 'done']);
    expect(entries.map(({ facts: said }) => said?.message)).toEqual([end, undefined]);
  });

  it('is not mixed with the line of another thread', () => {
    const json = '{"level":"warn","msg":"between"}';
    const entries = read([...frames.slice(0, 2), json, 'ERROR: other']);
    expect(entries.map(({ facts: said }) => said?.message)).toContain('between');
    expect(entries.at(-1)!.text).toBe('ERROR: other');
  });

  it('is bounded, and keeps the line it ends with', () => {
    const long = Array.from({ length: 5_000 }, (_, n) => `  File "deep.py", line ${n}`);
    const [entry] = read([frames[0]!, ...long, end]);
    expect(entry!.text.length).toBeLessThan(20_000);
    expect(entry!.facts!.message).toBe(end);
  });
});

it('groups what the page filters by first', () => {
  expect(
    (['persistent_timestamp', 'cannot_resolve', 'flood_wait', 'banned', 'other'] as const).map(groupOf),
  ).toEqual(['persistent_timestamp', 'cannot_resolve', 'flood_wait', 'other', 'other']);
});
