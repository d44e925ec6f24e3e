import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { ConfigError, flag, integer, list, number, oneOf, port, readConfig, secret, text } from './config.ts';
import { readEnvironment } from './environment.ts';

let folder: string;
beforeEach(() => void (folder = temporaryFolder()));

const settings = {
  PORT: port(5022),
  RATE: number(1, 0, 100, 'messages a second'),
  MODE: oneOf(['auto', 'required'], 'auto'),
  OPEN: flag(false),
  HOSTS: list('names', (raw) => (/^[a-z.]+$/.test(raw) ? raw : undefined)),
  TOKEN: secret('8 letters', /^[a-z]{8}$/),
  NAME: text(undefined, 'a name'),
};

describe('readConfig', () => {
  it('takes the fallback of every setting that is unset or empty', () => {
    expect(readConfig(settings, { PORT: '' }, 'X')).toEqual({
      PORT: 5022,
      RATE: 1,
      MODE: 'auto',
      OPEN: false,
      HOSTS: [],
      TOKEN: undefined,
      NAME: undefined,
    });
  });

  it('reads each form, and is frozen', () => {
    const env = {
      PORT: '1',
      RATE: '0.5',
      MODE: 'Required',
      OPEN: 'TRUE',
      HOSTS: 'a, b.c',
      TOKEN: 'abcdefgh',
    };
    const config = readConfig(settings, env, 'X');
    expect(config).toMatchObject({ PORT: 1, RATE: 0.5, MODE: 'required', OPEN: true, HOSTS: ['a', 'b.c'] });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('prefers the setting with the prefix of the process', () => {
    expect(readConfig({ PORT: port(1) }, { PORT: '2', X_PORT: '3' }, 'X').PORT).toBe(3);
  });

  it('tells every wrong setting at once, by the name it was given under, with the form it takes', () => {
    const read = () => readConfig(settings, { X_PORT: '70000', MODE: 'off', OPEN: 'yes', RATE: '-1' }, 'X');
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/X_PORT takes a port from 0 to 65535, not "70000"/);
    expect(read).toThrow(/MODE takes one of auto, required, not "off"/);
    try {
      read();
    } catch (error) {
      expect((error as ConfigError).problems).toHaveLength(4);
      expect((error as ConfigError).message).not.toContain('\n');
    }
  });

  it.each(['1e3', '0x10', ' 5', '5 ', '1.5', '-1', 'Infinity'])('takes no integer from %j', (raw) => {
    expect(() => readConfig({ N: integer(1, 0, 5000, 'a number') }, { N: raw }, 'X')).toThrow(ConfigError);
  });

  it('never shows the value of a secret', () => {
    expect(() => readConfig(settings, { TOKEN: 'hunter2' }, 'X')).toThrow(
      /^a setting is wrong: TOKEN takes 8 letters$/,
    );
  });

  it('reads a secret from the file that NAME_FILE names', () => {
    const file = join(folder, 'token');
    writeFileSync(file, 'abcdefgh\n');
    expect(readConfig(settings, { TOKEN_FILE: file }, 'X').TOKEN).toBe('abcdefgh');
    expect(() => readConfig(settings, { X_TOKEN_FILE: join(folder, 'none') }, 'X')).toThrow(
      /X_TOKEN_FILE.*ENOENT/,
    );
  });
});

describe('readEnvironment', () => {
  it('adds .env to what is set, which wins', () => {
    const file = join(folder, '.env');
    writeFileSync(file, 'A=from-file\nB="two words" # comment\n');
    expect(readEnvironment(file, { A: 'real' })).toEqual({ A: 'real', B: 'two words' });
  });

  it('is content without a .env', () => {
    expect(readEnvironment(join(folder, 'none'), { A: '1' })).toEqual({ A: '1' });
  });
});
