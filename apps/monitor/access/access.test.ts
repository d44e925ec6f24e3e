import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { Attempts } from './attempts.ts';
import { keptPassword } from './password-file.ts';
import { hashPassword, hashPattern, isPassword, makePassword } from './passwords.ts';

describe('password hashes', () => {
  it('know their password and no other', async () => {
    const hash = await hashPassword('пароль и ещё');
    expect(hash).toMatch(hashPattern);
    expect(await isPassword('пароль и ещё', hash)).toBe(true);
    expect(await isPassword('пароль', hash)).toBe(false);
    expect(await hashPassword('пароль и ещё')).not.toBe(hash);
  });

  it('are told from other texts', () => {
    expect('secret').not.toMatch(hashPattern);
    expect('scrypt$3000$8$1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA').not.toMatch(hashPattern);
  });

  it('are of passwords that can be read aloud, where the monitor makes one', () => {
    expect(makePassword()).toMatch(/^([a-km-np-z2-9]{4}-){3}[a-km-np-z2-9]{4}$/);
  });
});

describe('a monitor without a password', () => {
  it('makes one once, and keeps its hash for itself alone', async () => {
    const dir = temporaryFolder();
    const first = await keptPassword(join(dir, 'monitor'));
    expect(await isPassword(first.made!, first.hash)).toBe(true);
    const file = join(dir, 'monitor/password-hash');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).not.toContain(first.made);
    expect(await keptPassword(join(dir, 'monitor'))).toEqual({ hash: first.hash, made: undefined });
    await rm(file);
    const second = await keptPassword(join(dir, 'monitor'));
    expect(await isPassword(second.made!, second.hash)).toBe(true);
    expect(second.hash).not.toBe(first.hash);
    await writeFile(file, 'secret');
    await expect(keptPassword(join(dir, 'monitor'))).rejects.toThrow('remove it');
  });
});

describe('wrong passwords', () => {
  it('cost an address an ever longer wait, up to five minutes', () => {
    let now = 0;
    const attempts = new Attempts({ now: () => now });
    const waits = Array.from({ length: 16 }, () => {
      attempts.count('192.0.2.1');
      return attempts.waitMs('192.0.2.1');
    });
    expect(waits.slice(0, 6)).toEqual([0, 0, 0, 1_000, 2_000, 4_000]);
    expect(waits.at(-1)).toBe(300_000);
    expect(attempts.waitMs('192.0.2.2')).toBe(0);
    now += 299_000;
    expect(attempts.waitMs('192.0.2.1')).toBe(1_000);
    attempts.forgive('192.0.2.1');
    expect(attempts.waitMs('192.0.2.1')).toBe(0);
  });

  it('are forgotten after an hour', () => {
    let now = 0;
    const attempts = new Attempts({ now: () => now });
    for (let i = 0; i < 10; i += 1) attempts.count('192.0.2.1');
    now += 3_700_000;
    attempts.waitMs('192.0.2.1');
    attempts.count('192.0.2.1');
    expect(attempts.waitMs('192.0.2.1')).toBe(0);
  });

  it('are counted for a whole network of IPv6, and for each address of IPv4', () => {
    const attempts = new Attempts({ now: () => 0 });
    for (let i = 1; i <= 5; i += 1) attempts.count(`2001:db8:1:2::${i}`);
    for (let i = 1; i <= 5; i += 1) attempts.count(`192.0.2.${i}`);
    expect(attempts.waitMs('2001:db8:1:2:ffff:1:2:3')).toBeGreaterThan(0);
    expect(attempts.waitMs('2001:db8:1:3::1')).toBe(0);
    expect(attempts.waitMs('2001:db8::2')).toBe(0);
    expect(attempts.waitMs('192.0.2.1')).toBe(0);
  });
});
