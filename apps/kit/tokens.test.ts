import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { findToken, tokensSetting } from './tokens.ts';

const secret = 'a-token-of-some-length';
const sha256 = createHash('sha256').update(secret).digest('hex');
const parse = (raw: string) => tokensSetting.parse(raw);

describe('API tokens', () => {
  it.each([
    ['by commas', `crm:send:${secret},ops:read+control:sha256=${'0'.repeat(64)}`],
    [
      'one a line with comments',
      `# who sends\ncrm:send:${secret}\n\nops:read+control:sha256=${'0'.repeat(64)}`,
    ],
  ])('are read %s', (_, raw) => {
    expect(parse(raw)?.map(({ name, scopes }) => [name, [...scopes]])).toEqual([
      ['crm', ['send']],
      ['ops', ['read', 'control']],
    ]);
  });

  it.each([
    ['without a name', `:send:${secret}`],
    ['without scopes', `crm::${secret}`],
    ['with an unknown scope', `crm:send+root:${secret}`],
    ['that is short', 'crm:send:short'],
    ['with half a hash', `crm:send:sha256=${sha256.slice(1)}`],
    ['with a space', `crm:send:${secret} x`],
    ['of a name that is there twice', `crm:send:${secret},crm:read:${secret}x`],
    ['that is nothing', ','],
  ])('refuse one %s', (_, raw) => {
    expect(parse(raw)).toBeUndefined();
  });

  it.each([secret, `sha256=${sha256}`])(
    'find the one that is shown, set as %s, and keep no secret',
    (set) => {
      const tokens = parse(`other:read:${secret}x,crm:send:${set}`)!;
      expect(findToken(tokens, `Bearer ${secret}`)?.name).toBe('crm');
      expect(findToken(tokens, `bearer  ${secret}`)?.name).toBe('crm');
      for (const wrong of ['', 'Bearer', `Bearer ${secret}y`, `Basic ${secret}`, `Bearer ${sha256}`]) {
        expect(findToken(tokens, wrong)).toBeUndefined();
      }
      expect(JSON.stringify(tokens)).not.toContain(secret);
    },
  );
});
