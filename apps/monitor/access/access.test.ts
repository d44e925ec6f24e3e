import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { Attempts } from './basic-authentication.ts';
import { hashPassword, hashPattern, isPassword, keptPassword, makePassword } from './passwords.ts';

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

describe('attempts to sign in', () => {
  const start = () => {
    const clock = { at: 0, uptime: () => clock.at };
    return { clock, attempts: new Attempts(clock) };
  };
  const waits = (attempts: Attempts, times: number, user = 'admin', address = '192.0.2.1') =>
    Array.from({ length: times }, () => attempts.take(user, address));

  it('are checked two seconds apart after the first four, and not at all where four wait already', () => {
    const { clock, attempts } = start();
    expect(waits(attempts, 9)).toEqual([0, 0, 0, 0, 2_000, 4_000, 6_000, undefined, undefined]);
    expect(waits(attempts, 1, 'root')).toEqual([0]);
    expect(waits(attempts, 1, 'admin', '192.0.2.2')).toEqual([0]);
    clock.at = 2_000;
    expect(waits(attempts, 2)).toEqual([6_000, undefined]);
    attempts.forgive('admin', '192.0.2.1');
    expect(waits(attempts, 1)).toEqual([0]);
  });

  it('of one who guesses one after another leave the next turn to the right password', () => {
    const { clock, attempts } = start();
    for (let guess = 0; guess < 1_000; guess += 1) clock.at += waits(attempts, 1)[0]!;
    expect(clock.at).toBe(996 * 2_000);
    const [guess, right] = waits(attempts, 2);
    expect([guess, right]).toEqual([2_000, 4_000]);
  });

  it('are forgotten after an hour', () => {
    const { clock, attempts } = start();
    waits(attempts, 7);
    clock.at = 3_700_000;
    expect(waits(attempts, 4)).toEqual([0, 0, 0, 0]);
  });

  it('are counted for a whole network of IPv6, and for each address of IPv4', () => {
    const { attempts } = start();
    for (let i = 1; i <= 5; i += 1) attempts.take('admin', `2001:db8:1:2::${i}`);
    for (let i = 1; i <= 5; i += 1) attempts.take('admin', `192.0.2.${i}`);
    expect(attempts.take('admin', '2001:db8:1:2:ffff:1:2:3')).toBeGreaterThan(0);
    expect(attempts.take('admin', '2001:db8:1:3::1')).toBe(0);
    expect(attempts.take('admin', '2001:db8::2')).toBe(0);
    expect(attempts.take('admin', '192.0.2.1')).toBe(0);
  });
});
