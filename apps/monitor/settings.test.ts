import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { readMonitorConfig } from './settings.ts';

const read = (services: unknown) => readMonitorConfig({ SERVICES: JSON.stringify(services) }).SERVICES;
const one = { name: 'send-text', url: 'http://127.0.0.1:5022' };

describe('SERVICES', () => {
  it('are both gateways where nothing is said', () => {
    expect(readMonitorConfig({}).SERVICES).toMatchObject([
      { name: 'send-text', label: 'text', handles: { unit: 'vestnik-send-text.service' } },
      {
        name: 'send-media',
        url: 'http://127.0.0.1:5023',
        account: null,
        handles: { container: 'vestnik-send-media-1' },
      },
    ]);
  });

  it('need a name and an address each, and may have the rest', () => {
    const full = { ...one, label: 'Тексты', account: 'main' };
    const handles = { unit: 'text.service', container: 'text-1' };
    expect(read([{ ...full, ...handles }])).toEqual([{ ...full, handles }]);
    expect(read([{ ...one, url: 'https://vestnik.example/' }])).toEqual([
      { ...one, url: 'https://vestnik.example', label: 'send-text', handles: {}, account: null },
    ]);
  });

  it('may be ten, and may come from a file', async () => {
    const ten = Array.from({ length: 10 }, (_, index) => ({ ...one, name: `send-${index}` }));
    const dir = temporaryFolder();
    const file = join(dir, 'services.json');
    await writeFile(file, JSON.stringify(ten, null, 2));
    expect(readMonitorConfig({ SERVICES_FILE: file }).SERVICES).toHaveLength(10);
    expect(() => readMonitorConfig({ SERVICES_FILE: join(dir, 'none') })).toThrow(/SERVICES_FILE.*ENOENT/);
  });

  it.each([
    [[{ ...one, name: 'Send Text' }], 'name of entry 1 (Send Text) takes lower-case letters, digits and -'],
    [[{ ...one, name: '../stop' }], 'name of entry 1 (../stop) takes'],
    [[{ ...one, name: 'constructor' }], 'name of entry 1 (constructor) takes'],
    [[one, { name: 'send-media' }], 'url of entry 2 (send-media) takes an http(s) address such as'],
    [[{ ...one, url: 'ftp://host' }], 'not "ftp://host"'],
    [[{ ...one, url: 'http://me:secret@host' }], 'url of entry 1'],
    [[{ ...one, unit: '--now.service' }], 'unit of entry 1 (send-text) takes the name of a systemd service'],
    [[{ ...one, unit: 'sshd.socket' }], 'unit of entry 1'],
    [
      [{ ...one, container: 'a/../b' }],
      'container of entry 1 (send-text) takes the name of a Docker container',
    ],
    [
      [{ ...one, label: 5 }],
      'label of entry 1 (send-text) takes a name for people of up to 40 characters, not 5',
    ],
    [[{ ...one, account: 'a b' }], 'account of entry 1'],
    [[{ ...one, unitt: 'x.service' }], 'entry 1 (send-text) has no field unitt: there are name, label, url'],
    [[one, one], 'name of entry 2 is also that of entry 1'],
    [
      [
        { ...one, unit: 'a.service' },
        { ...one, name: 'b', unit: 'a.service' },
      ],
      'unit of entry 2 is also that of entry 1',
    ],
    [['send-text'], 'entry 1 takes an object with at least name and url'],
    [[null], 'entry 1 takes an object'],
    [[], 'SERVICES takes a JSON array of 1 to 50 objects with name, label, url, account, container, unit'],
    [{ name: 'x' }, 'SERVICES takes a JSON array'],
    [Array(51).fill(one), 'SERVICES takes a JSON array of 1 to 50'],
  ])('that are wrong are refused by entry and field: %j', (services, words) => {
    expect(() => read(services)).toThrow(words);
  });
});
