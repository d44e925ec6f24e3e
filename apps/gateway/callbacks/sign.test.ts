import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../kit/config.ts';
import { callbackSettings } from './settings.ts';
import { signatureHeaders } from './sign.ts';

const whsec = (bytes: number) => `whsec_${randomBytes(bytes).toString('base64')}`;
const read = (value: string) =>
  readConfig(callbackSettings, { CALLBACK_SECRET: value }, 'SEND_TEXT').CALLBACK_SECRET;
const body = '{"type":"message.sent"}';

describe('a signature', () => {
  it('is taken by the library of Standard Webhooks, for this body, id and time alone', () => {
    const secret = whsec(32);
    const headers = signatureHeaders(read(secret), 'msg_1', body, Date.now());
    const webhook = new Webhook(secret);
    expect(webhook.verify(body, headers)).toEqual({ type: 'message.sent' });
    expect(() => webhook.verify(`${body} `, headers)).toThrow();
    expect(() => webhook.verify(body, { ...headers, 'webhook-id': 'msg_2' })).toThrow();
    const other = String(Number(headers['webhook-timestamp']) - 1);
    expect(() => webhook.verify(body, { ...headers, 'webhook-timestamp': other })).toThrow();
    expect(() => new Webhook(whsec(32)).verify(body, headers)).toThrow();
  });

  it('holds for the new and the old secret while one takes the place of the other', () => {
    const [next, last] = [whsec(24), whsec(64)];
    const headers = signatureHeaders(read(`${next}, ${last}`), 'msg_1', body, Date.now());
    for (const secret of [next, last]) new Webhook(secret).verify(body, headers);
  });
});

describe('CALLBACK_SECRET', () => {
  it.each(['secret', whsec(23), whsec(65), 'whsec_', `${whsec(32)},`, `whsec_${'*'.repeat(40)}`])(
    'refuses what is no secret of Standard Webhooks, and does not show it: %s',
    (value) => {
      expect(() => read(value)).toThrow(/^a setting is wrong: CALLBACK_SECRET takes whsec_[^*]+$/);
      if (value.length > 10) expect(() => read(value)).not.toThrow(value);
    },
  );
});
