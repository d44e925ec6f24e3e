/** The rules on recordings of the outage as the old Python services wrote them. */
import { describe, expect, it } from 'vitest';
import { findCauses } from './causes.ts';
import type { ServiceEvidence } from './evidence.ts';
import { causes, evidenceOf, old, recorded } from './testing/recorded.ts';

const ofOld = (...lines: string[]) => causes({ ...old, lines: recorded(lines) });

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

  it.each([
    "INFO: send_text to -1001234567890: 'Zabbix: db01 No space left on device'",
    'INFO: send_text to -1001234567890: AUTH_KEY_DUPLICATED, said the customer',
    "INFO: caption 'USER_BANNED_IN_CHANNEL means a ban' ok",
    "DEBUG: sent 'Too many requests (caused by an attack)'",
    '{"levelname":"INFO","message":"sent: address already in use, database is locked"}',
    'level=info msg="sent: session revoked, PEER_FLOOD"',
    '2026-02-20 10:00:00,123 - app - INFO - sent: persistent timestamp outdated',
    "sent to -1001234567890: 'No space left on device'",
  ])('takes the words of a message for no evidence: %s', (line) => {
    expect(
      causes({
        ...old,
        state: 'failed',
        answers: false,
        lines: recorded(Array.from({ length: 4 }, () => line)),
      }),
    ).toEqual(causes({ ...old, state: 'failed', answers: false }));
  });

  it('names nothing by what is long over', () => {
    const waits = Array.from(
      { length: 9 },
      () => 'INFO: Sleeping for 26s (0:00:26) on GetDialogsRequest flood wait',
    );
    expect(causes({ ...old, lines: recorded(waits, 2 * 3_600_000) })).toEqual([]);
  });
});
