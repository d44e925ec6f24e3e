/** The rules on what our gateways tell of themselves, and on recordings of the outage as they write them. */
import { describe, expect, it } from 'vitest';
import { noSession } from '../../gateway/settings.ts';
import { reason } from '../../kit/reason.ts';
import { judge } from '../health/check.ts';
import { healthAnswer } from '../health/gateway-answers.ts';
import { findCauses } from './causes.ts';
import type { ServiceEvidence } from './evidence.ts';
import { causes, evidenceOf, now, old, recorded, well } from './testing/recorded.ts';

/** A wait that Telegram asked for. */
const gate = (scope: string, seconds: number, holds = true) => ({
  scope,
  seconds,
  holds,
  until: new Date(now + seconds * 1000).toISOString(),
});

/** A line of ours. */
const ours = (level: 'warn' | 'error', msg: string, more: object = {}) =>
  JSON.stringify({ level, time: '2026-02-20T04:29:00.000Z', service: 'send-media', ...more, msg });

const signedOut = (detail: string): Partial<ServiceEvidence> => ({
  telegram: { ok: false, detail: `Telegram: ${detail}` },
  authorized: { ok: false, detail },
});

it('two restarts are no loop', () => expect(causes({ ...well, restarts: 2 })).toEqual([]));
describe('a gateway that says how its account stands', () => {
  const said = (accountState: string, detail: string): ServiceEvidence => ({
    ...well,
    accountState,
    authorized: { ok: false, detail },
  });

  it.each([
    ['never_signed_in', 'never_signed_in'],
    ['used_twice', 'two_clients'],
    ['revoked', 'session_revoked'],
    ['session_lost', 'session_revoked'],
    ['unconfirmed', 'session_unconfirmed'],
    ['deactivated', 'account_deactivated'],
    ['banned', 'account_deactivated'],
    ['frozen', 'account_frozen'],
    ['other_account', 'other_account'],
    ['unreachable', 'telegram_unreachable'],
    ['proxy_failed', 'proxy_failed'],
  ])('as %s has the cause %s alone, in its own words, for diagnostics and alerts', (state, id) => {
    const old = [ours('error', 'signed out: SESSION_REVOKED', { class: 'session_lost' })];
    const found = findCauses(evidenceOf({ ...said(state, 'its own words'), lines: recorded(old) }));
    expect(found).toEqual([
      { id, service: 'send-media', evidence: [{ id: 'told', values: { reason: 'its own words' } }] },
    ]);
    const answered = { status: 'down', reasons: ['its own words'], account_state: { state } };
    const body = healthAnswer.parse(answered);
    const answer = { code: 503, body, error: null, ms: 1, date: null };
    expect(judge('2026-02-20T04:30:00.000Z', answer, false)).toMatchObject({ cause: id });
  });

  it.each(['ready', 'connecting', 'held', 'closed', 'one of a later version'])('as %s has none', (state) => {
    expect(causes(said(state, 'its own words'))).toEqual([]);
  });
});

describe('a gateway of ours', () => {
  const held = (seconds: number) =>
    ours('warn', `walk over the dialogs held by FLOOD_WAIT_${seconds}`, { class: 'flood_wait' });

  it.each<[string, Partial<ServiceEvidence>]>([
    ['flood_wait', { gates: [gate('method:messages.getDialogs', 1_080)] }],
    ['flood_wait', { gates: [gate('method:messages.sendMessage', 900)], lines: recorded([held(900)]) }],
    ['flood_loop', { lines: recorded([held(26), held(26), held(29)]) }],
    ['account_restricted', { gates: [gate('strangers', 20_000)] }],
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
    ['account_deactivated', signedOut('Telegram banned the account (USER_DEACTIVATED_BAN): write')],
    [
      'never_signed_in',
      {
        state: 'failed',
        answers: false,
        port: null,
        stateDetail: reason('settings_wrong', { problems: noSession }),
      },
    ],
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
        stateDetail: reason('port_in_use', { port: '5023', setting: 'SEND_MEDIA_PORT' }),
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
    ['restart_loop', { restarts: 10 }],
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

  it('that is silent names a wait that its log has announced, until that is over', () => {
    const wait = (at: string) => [
      { ...recorded([ours('warn', 'FLOOD_WAIT_53280', { class: 'flood_wait' })])[0]!, at },
    ];
    const silent = { ...old, answers: false };
    const found = (hours: number) =>
      findCauses(evidenceOf({ ...silent, lines: wait(new Date(now - hours * 3_600_000).toISOString()) }));
    expect(found(3).map(({ id }) => id)).toEqual(['flood_wait']);
    expect(found(15)).toEqual([]);
  });

  it('is in no flood loop for a gate of what another gateway sends with', () => {
    const gates = [gate('method:messages.sendMessage', 1_080, false)];
    expect(causes({ ...well, gates })).toEqual([]);
  });

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
