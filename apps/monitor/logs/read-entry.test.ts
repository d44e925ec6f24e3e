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

describe('a line of any other logger', () => {
  it.each([
    ['{"asctime":"2026-11-30 10:00:00","levelname":"ERROR","name":"app","message":"it failed"}'],
    ['{"severity":"ERROR","message":"it failed"}'],
    ['{"SeverityText":"ERROR","SeverityNumber":17,"Body":"it failed"}'],
    ['{"log.level":"ERROR","message":"it failed"}'],
    ['{"@timestamp":"2026-11-30T10:00:00Z","log":{"level":"error"},"message":"it failed"}'],
    ['{"@t":"2026-11-30T10:00:00Z","@l":"Error","@m":"it failed"}'],
    ['{"Level":"Error","Message":"it failed"}'],
    ['{"lvl":"error","msg":"it failed"}'],
    ['{"event":"it failed","level":"error"}'],
    ['{"level":"err","msg":"it failed"}'],
    ['{"level":"panic","msg":"it failed"}'],
    ['{"version":"1.1","host":"h","short_message":"it failed","level":3}'],
    ['{"message":"it failed","level":400,"level_name":"ERROR"}'],
    ['{"text":"…","record":{"level":{"name":"ERROR","no":40},"message":"it failed"}}'],
    ['time="2026-11-30T10:00:00Z" level=error msg="it failed"'],
    ['ts=2026-11-30T10:00:00Z caller=main.go:12 level=error msg="it failed"'],
    ['2026/11/30 10:00:00 [error] 12#12: *1 it failed'],
    ['2026-11-30T10:00:00Z [error    ] it failed chat_id=5'],
    ['2026-11-30 10:00:00 [error] it failed'],
    ['[2026-11-30T10:00:00.123456+00:00] production.ERROR: it failed'],
    ['Nov 30 14:23:34 host app[12]: ERROR: it failed'],
    ['<11>Nov 30 14:23:34 host app[12]: it failed'],
    ['<11>1 2026-11-30T10:00:00Z host app 12 ID - it failed'],
    ['error: it failed'],
    ['Error: it failed'],
    ['fail: it failed'],
    ['SEVERE: it failed'],
    ['PHP Fatal error:  it failed'],
    ['2026-11-30 10:00:00 it failed [ERROR]'],
    ['30.11.2026 10:00:00 it failed (error)'],
    ['it failed [ERROR]'],
    ['30/11/2026 10:00:00 ERROR it failed'],
    ['30.11.2026 10:00:00,123 [ERROR] it failed'],
    ['11-30-2026 10:00:00 AM ERROR it failed'],
    ['30 Nov 2026 10:00:00 ERROR it failed'],
    ['2026/11/30 10:00:00 ERROR it failed'],
    ['2026-11-30 10:00:00,123 ERROR [main] it failed'],
    ['2026-11-30 10:00:00.000 [main] ERROR com.example.App - it failed'],
    ['2026-11-30T10:00:00.123456Z ERROR app::send: it failed'],
    ['[2026-11-30T10:00:00Z ERROR app] it failed'],
    ['2026-11-30 10:00:00.000 UTC [12] ERROR:  it failed'],
    ['2026-11-30T10:00:00.123456Z 0 [ERROR] [MY-010119] [Server] it failed'],
    ['[Mon Nov 30 10:00:00.123456 2026] [core:error] [pid 12] it failed'],
    ['10:00AM ERR it failed'],
    ['10:00:00 error it failed'],
    ['1764496800.123 ERROR it failed'],
    ['E1130 10:00:00.123456       1 main.go:12] it failed'],
    ['E, [2026-11-30T10:00:00.123456 #12] ERROR -- : it failed'],
    ['[E 261130 10:00:00 web:12] it failed'],
    ['[app] [ERROR] it failed'],
    ['[ERROR] [app] it failed'],
    ['app-1  | ERROR: it failed'],
    ['\u001b[31mERROR\u001b[0m: it failed'],
  ])('is an error where it says so: %s', (line) => {
    const said = facts(line);
    expect(said).toMatchObject({ level: 'ERROR' });
    expect(said!.message).toMatch(/it failed/);
    expect(said!.message).not.toMatch(/^\W*\d{1,4}[-/.:]|^\{|level=/);
  });

  it.each([
    ['{"levelname":"WARNING","message":"late"}'],
    ['{"@t":"2026-11-30T10:00:00Z","@l":"Warning","@mt":"late"}'],
    ['time="2026-11-30T10:00:00Z" level=warning msg=late'],
    ['2026/11/30 10:00:00 [warn] 12#12: late'],
    ['warn: late'],
    ['W1130 10:00:00.123456       1 main.go:12] late'],
    ['10:00AM WRN late'],
    ['12:M 30 Nov 2026 10:00:00.123 # WARNING late'],
  ])('is a warning where it says so: %s', (line) => expect(facts(line)).toMatchObject({ level: 'WARNING' }));

  it.each([
    ['time="2026-11-30T10:00:00Z" level=info msg="fine"'],
    ['ts=1764496800 level=debug msg="no ERROR here"'],
    ['{"levelname":"INFO","message":"fine"}'],
    ['{"@t":"2026-11-30T10:00:00Z","@mt":"fine"}'],
    ['{"level":"notice","msg":"fine"}'],
    ['2026/11/30 10:00:00 [notice] 12#12: fine'],
    ['info: fine'],
    ['I1130 10:00:00.123456       1 main.go:12] fine'],
    ['2026-11-30 10:00:00.000 UTC [12] LOG:  fine'],
    ['2026-11-30 10:00:00 fine [INFO]'],
  ])('is no warning because it came on stderr: %s', (line) => expect(facts(line, 'WARNING')).toBeNull());

  it('keeps the error beside its words', () => {
    expect(
      facts(
        '{"levelname":"ERROR","message":"not sent","exc_info":"Traceback (most recent call last):\\n  x\\nOSError: gone"}',
      ),
    ).toMatchObject({ message: 'not sent: OSError: gone' });
    expect(facts('level=error msg="not sent" err="disk \\"a\\" is gone"')).toMatchObject({
      message: 'not sent: disk "a" is gone',
    });
  });
});

it('the text of a message, quoted in a line that names no level, has no class', () => {
  expect(facts("sent to -1001234567890: 'No space left on device'")).toBeNull();
  expect(facts('{"msg":"sent \\"No space left on device\\""}')).toBeNull();
  expect(facts("OperationalError('database is locked')")).toMatchObject({ class: 'storage_failed' });
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
