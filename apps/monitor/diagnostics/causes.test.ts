/** The rules on recordings of the outage: lines as the old Python services wrote them, and as ours do. */
import { describe, expect, it } from 'vitest';
import { Assembler } from '../logs/assembler.ts';
import { readEntry } from '../logs/read-entry.ts';
import { findCauses } from './causes.ts';
import type { ErrorLine, Evidence, ServiceEvidence } from './evidence.ts';

const now = Date.parse('2026-02-20T04:30:00Z');

/** What the monitor reads from a log whose lines came a second apart, the last of them `agoMs` ago. */
function recorded(lines: readonly string[], agoMs = 1_000): ErrorLine[] {
  const assembler = new Assembler();
  const at = (n: number) => now - agoMs - (lines.length - n) * 1_000;
  const entries = lines.flatMap((text, n) =>
    assembler.push({ service: 'send-media', at: at(n), text, level: 'INFO', cursor: String(n) }),
  );
  return [...entries, ...assembler.flush()].flatMap((entry) => {
    const facts = readEntry(entry);
    return facts ? [{ ...facts, at: new Date(entry.at).toISOString() }] : [];
  });
}

/** A wait that Telegram asked for. */
const gate = (scope: string, seconds: number) => ({
  ...{ scope, seconds },
  until: new Date(now + seconds * 1000).toISOString(),
});

/** A line of ours. */
const ours = (level: 'warn' | 'error', msg: string, more: object = {}) =>
  JSON.stringify({ level, time: '2026-02-20T04:29:00.000Z', service: 'send-media', ...more, msg });

/** A gateway of ours that is well. */
const well: ServiceEvidence = {
  name: 'send-media',
  label: 'media',
  state: 'running',
  stateDetail: null,
  port: { port: 5023, isListening: true, owner: null },
  answers: true,
  telegram: { ok: true, detail: 'Telegram answers' },
  authorized: { ok: true, detail: 'signed in' },
  cacheSize: 300,
  gates: [],
  lines: [],
};
/** An old service: it runs, and tells nothing but its lines. */
const old: ServiceEvidence = { ...well, telegram: null, authorized: null, cacheSize: null, gates: null };

const evidenceOf = (service: ServiceEvidence, more: Partial<Evidence> = {}): Evidence => ({
  now,
  services: [service],
  disk: { freeBytes: 50e9, totalBytes: 100e9 },
  clockOffsetMs: 300,
  ...more,
});
const causes = (service: ServiceEvidence, more?: Partial<Evidence>) =>
  findCauses(evidenceOf(service, more)).map(({ id }) => id);
const ofOld = (...lines: string[]) => causes({ ...old, lines: recorded(lines) });

const signedOut = (detail: string): Partial<ServiceEvidence> => ({
  telegram: { ok: false, detail: `Telegram: ${detail}` },
  authorized: { ok: false, detail },
});

const traceback = [
  'Traceback (most recent call last):',
  '  File "/srv/send.py", line 42, in send',
  '    await x()',
];

describe('the log of an old service', () => {
  it('of the outage names the flood loop first, then what follows from it', () => {
    const found = findCauses(
      evidenceOf({
        ...old,
        lines: recorded([
          'INFO: Warming entity cache: fetching dialogs',
          'INFO: Sleeping for 26s (0:00:26) on GetDialogsRequest flood wait',
          'INFO: Sleeping for 29s (0:00:29) on GetDialogsRequest flood wait',
          'ERROR: send_media failed: ValueError: Cannot resolve entity -1003833950795',
          'INFO: Sleeping for 53280s (14:48:00) on GetDialogsRequest flood wait',
          'ERROR: send_media failed: ValueError: Cannot resolve entity -1001777000111',
          'WARNING: Getting difference failed: PersistentTimestampOutdatedError',
          'ERROR: send_media failed: ValueError: Cannot resolve entity -1003833950795',
          'ERROR: Account is now banned in -1002468013579',
          'INFO:     127.0.0.1:50122 - "POST /send_media HTTP/1.1" 500 Internal Server Error',
        ]),
      }),
    );
    expect(found.map(({ id }) => id)).toEqual(['flood_loop', 'empty_cache', 'banned']);
    expect(found[0]!.evidence[0]).toEqual({ id: 'waits', values: { count: 3, longest_s: 53280 } });
    expect(found[2]!.evidence[0]).toEqual({ id: 'chats', values: { chats: '-1002468013579', count: 1 } });
  });

  it.each([
    [
      'two_clients',
      [
        ...traceback,
        'telethon.errors.rpcerrorlist.AuthKeyDuplicatedError: The authorization key (session file) was used under two different IP addresses simultaneously, and can no longer be used.',
      ],
    ],
    [
      'two_clients',
      Array.from({ length: 3 }, () => [...traceback, 'sqlite3.OperationalError: database is locked']).flat(),
    ],
    ['session_revoked', ['CRITICAL: The key is not registered in the system (caused by GetUsersRequest)']],
    [
      'session_revoked',
      [
        ...traceback,
        'telethon.errors.rpcerrorlist.SessionRevokedError: The authorization has been invalidated',
      ],
    ],
    [
      'account_restricted',
      ['ERROR: send_text failed: PeerFloodError: Too many requests (caused by SendMessageRequest)'],
    ],
    [
      'telegram_unreachable',
      [
        'WARNING:telethon.network.mtprotosender:Attempt 5 at connecting failed: TimeoutError',
        'ERROR: send_text failed: ConnectionError: Connection to Telegram failed 5 time(s)',
      ],
    ],
    [
      'port_taken',
      [
        "ERROR:    [Errno 98] error while attempting to bind on address ('0.0.0.0', 5023): address already in use",
      ],
    ],
    ['disk_full', [...traceback, 'OSError: [Errno 28] No space left on device']],
    [
      'clock_wrong',
      [
        'WARNING:telethon.network.mtprotostate:Server sent a very new message with ID 7345126401, ignoring',
        'ERROR: Security error while unpacking a received message: Too many messages had to be ignored consecutively',
      ],
    ],
    [
      'persistent_timestamp',
      Array.from(
        { length: 3 },
        () => 'WARNING: PersistentTimestampOutdatedError: Persistent timestamp outdated',
      ),
    ],
  ])('names %s', (id, lines) => {
    const down: Partial<ServiceEvidence> = id === 'port_taken' ? { state: 'restarting', answers: false } : {};
    expect(causes({ ...old, ...down, lines: recorded(lines) })).toEqual([id]);
  });

  it('of an ordinary day names nothing', () => {
    expect(
      ofOld(
        'INFO: Sleeping for 3s (0:00:03) on SendMessageRequest flood wait',
        'ERROR: send_media failed: ValueError: Cannot resolve entity -1003833950795',
        'INFO:     127.0.0.1:50122 - "POST /send_text HTTP/1.1" 200 OK',
        'WARNING: something unheard of',
      ),
    ).toEqual([]);
  });

  it('names nothing by what is long over', () => {
    const waits = Array.from(
      { length: 9 },
      () => 'INFO: Sleeping for 26s (0:00:26) on GetDialogsRequest flood wait',
    );
    expect(causes({ ...old, lines: recorded(waits, 2 * 3_600_000) })).toEqual([]);
  });
});

describe('a gateway of ours', () => {
  const held = (seconds: number) =>
    ours('warn', `walk over the dialogs held by FLOOD_WAIT_${seconds}`, { class: 'flood_wait' });

  it.each<[string, Partial<ServiceEvidence>]>([
    ['flood_loop', { gates: [gate('method:messages.getDialogs', 1_080)] }],
    ['flood_loop', { lines: recorded([held(26), held(26), held(29)]) }],
    ['account_restricted', { gates: [gate('account', 20_000)] }],
    [
      'banned',
      {
        lines: recorded([
          ours('error', 'Telegram refused it: USER_BANNED_IN_CHANNEL', { class: 'banned', chat: '-1001' }),
        ]),
      },
    ],
    ['two_clients', signedOut('Telegram ended the session (AUTH_KEY_DUPLICATED): sign the account in again')],
    ['session_revoked', signedOut('Telegram ended the session (SESSION_REVOKED): sign the account in again')],
    ['session_revoked', signedOut('Telegram does not know the session any more: sign the account in again')],
    [
      'telegram_unreachable',
      {
        telegram: { ok: false, detail: 'Telegram: connect ECONNREFUSED 149.154.167.50:443' },
        authorized: { ok: false, detail: 'not known before Telegram answers' },
      },
    ],
    ['empty_cache', { cacheSize: 0 }],
    [
      'disk_full',
      {
        lines: recorded([
          ours('error', 'the outbox could not be written', {
            err: { message: 'ENOSPC: no space left on device, write' },
          }),
        ]),
      },
    ],
    [
      'clock_wrong',
      {
        lines: recorded([
          ours('warn', 'no connection to Telegram', {
            err: { message: 'msg_id too low, the client time is wrong' },
          }),
        ]),
      },
    ],
    [
      'port_taken',
      {
        state: 'failed',
        answers: false,
        stateDetail: 'send-media: port 5023 is in use: set SEND_MEDIA_PORT to another',
      },
    ],
    [
      'port_taken',
      {
        state: 'stopped',
        answers: true,
        port: { port: 5023, isListening: true, owner: { pid: 7, name: 'python3' } },
      },
    ],
    [
      'not_running',
      {
        state: 'stopped',
        answers: false,
        telegram: null,
        authorized: null,
        gates: null,
        cacheSize: null,
        port: { port: 5023, isListening: false, owner: null },
      },
    ],
  ])('names %s', (id, what) => {
    expect(causes({ ...well, ...what })).toEqual([id]);
  });

  it.each([
    ['flood_loop', [held(26), held(26), held(53_280)]],
    [
      'banned',
      [ours('error', 'Telegram refused it: USER_BANNED_IN_CHANNEL', { class: 'banned', chat: '-1001' })],
    ],
    [
      'two_clients',
      [
        ours('error', 'signed out: Telegram ended the session (AUTH_KEY_DUPLICATED)', {
          class: 'session_lost',
        }),
      ],
    ],
    [
      'empty_cache',
      Array.from({ length: 3 }, () =>
        ours('warn', 'refused: chat -1001 is not known to this account', { class: 'cannot_resolve' }),
      ),
    ],
    [
      'session_revoked',
      [ours('error', 'signed out: Telegram ended the session (SESSION_REVOKED)', { class: 'session_lost' })],
    ],
    ['account_restricted', [ours('warn', 'not sent yet: PEER_FLOOD', { class: 'peer_flood' })]],
    [
      'telegram_unreachable',
      Array.from({ length: 2 }, () =>
        ours('warn', 'no connection to Telegram', {
          class: 'telegram_unavailable',
          err: { message: 'connect ECONNREFUSED 149.154.167.50:443' },
        }),
      ),
    ],
    ['port_taken', [ours('error', 'port 5023 is in use: set PORT to another')]],
    ['disk_full', [ours('error', 'the outbox could not be written', { err: { message: 'ENOSPC: write' } })]],
    ['clock_wrong', [ours('warn', 'no connection to Telegram', { err: { message: 'msg_id too high' } })]],
  ])(
    'that answers nothing any more names %s by its last lines, with the line and the figure',
    (id, lines) => {
      const found = findCauses(evidenceOf({ ...old, answers: false, lines: recorded(lines) }));
      expect(found.map((cause) => cause.id)).toEqual([id]);
      const shown = found[0]!.evidence.find((fact) => 'line' in fact);
      expect(shown).toMatchObject({ count: lines.length });
    },
  );

  it('that is well names nothing, whatever its log said before', () => {
    const before = [
      ours('error', 'signed out: Telegram ended the session (AUTH_KEY_DUPLICATED)', {
        class: 'session_lost',
      }),
      ours('error', 'Telegram ended the session (SESSION_REVOKED)', { class: 'session_lost' }),
      ours('warn', 'not sent yet', { class: 'telegram_unavailable' }),
      ours('error', 'port 5023 is in use'),
      ours('warn', 'not sent yet: PEER_FLOOD', { class: 'peer_flood' }),
    ];
    expect(causes({ ...well, lines: recorded(before) })).toEqual([]);
  });

  it('that waits for a closed gate before it signs in is not out of reach', () => {
    const waiting = { ok: false, detail: 'Telegram: Telegram asked to wait (FLOOD_WAIT_26)' };
    expect(causes({ ...well, telegram: waiting, authorized: { ok: false, detail: 'not known' } })).toEqual(
      [],
    );
  });

  it('is told of a full disk and a wrong clock of the machine', () => {
    expect(causes(well, { disk: { freeBytes: 1e6, totalBytes: 1e9 } })).toEqual(['disk_full']);
    expect(causes(well, { clockOffsetMs: -45_000 })).toEqual(['clock_wrong']);
    expect(causes(well, { disk: null, clockOffsetMs: null })).toEqual([]);
  });
});
