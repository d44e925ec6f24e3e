/** Following the journal through a journalctl of the test's own, with lines as `-o json` of systemd 252 has them. */
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { journalArguments, journalSource, parseJournalLine } from './journal.ts';
import type { FollowedLine } from './supervisor.ts';

const units = new Map([['vestnik-send-text.service', 'send-text']]);
const services = [...units].map(([unit, name]) => ({
  name,
  label: name,
  url: '',
  handles: { unit },
  account: null,
}));
const cursorOf = (n: number) => `s=6bf1fb9d03a0;i=${n};b=02e1f8b0;m=1a2b;t=64394ff5d2a1c;x=${n}`;
const journal = (n: number, fields: object) => ({
  __CURSOR: cursorOf(n),
  __REALTIME_TIMESTAMP: '1763892000123456',
  __MONOTONIC_TIMESTAMP: '4412345678',
  _BOOT_ID: '02e1f8b0a1b24e0c8c3d6f5e4a3b2c1d',
  ...fields,
});
const ofUnit = (n: number, MESSAGE: unknown) =>
  journal(n, { PRIORITY: '6', _SYSTEMD_UNIT: 'vestnik-send-text.service', MESSAGE });
const read = (fields: object) => parseJournalLine(JSON.stringify(fields), units);

describe('a line of the journal', () => {
  it('has its time, its service, its text and the cursor behind it', () => {
    expect(read(ofUnit(1, 'ERROR: send_media failed'))).toEqual({
      service: 'send-text',
      at: 1_763_892_000_123,
      text: 'ERROR: send_media failed',
      level: 'INFO',
      cursor: cursorOf(1),
    });
  });

  it('is read where its text is bytes, was given twice, or was too long', () => {
    expect(read(ofUnit(1, [208, 191, 27, 255]))!.text).toBe('п\u001b\ufffd');
    expect(read(ofUnit(1, ['one', [116, 119, 111]]))!.text).toBe('one\ntwo');
    expect(read(ofUnit(1, null))!.text).toBe('');
  });

  it('of systemd about the unit has the level that systemd gave it', () => {
    const about = { _SYSTEMD_UNIT: 'init.scope', UNIT: 'vestnik-send-text.service', PRIORITY: '4' };
    expect(read(journal(2, { ...about, MESSAGE: "Failed with result 'exit-code'." }))).toMatchObject({
      service: 'send-text',
      level: 'WARNING',
    });
    expect(read(journal(3, { ...about, PRIORITY: '3', MESSAGE: '' }))!.level).toBe('ERROR');
  });

  it('of another unit, and one that is cut, is none', () => {
    expect(read(journal(1, { _SYSTEMD_UNIT: 'ssh.service', MESSAGE: 'x' }))).toBeUndefined();
    expect(parseJournalLine('{"__CURSOR":"s=', units)).toBeUndefined();
    expect(parseJournalLine('null', units)).toBeUndefined();
  });
});

describe('following the journal', () => {
  let dir: string;
  let stop: AbortController;
  beforeEach(() => {
    dir = temporaryFolder();
    stop = new AbortController();
  });
  afterEach(() => stop.abort());

  /** A journalctl that writes down what it is asked, and then does as `text` says. */
  const journalctl = async (text: string) => {
    const program = join(dir, 'journalctl');
    await writeFile(program, `#!/bin/sh\necho "$@" >> ${dir}/asked\n${text}\n`);
    await chmod(program, 0o755);
    return journalSource(services, program);
  };
  const say = (fields: object) => `echo '${JSON.stringify(fields)}'`;

  it('begins with the last lines, and goes on behind a cursor without a tail', () => {
    expect(journalArguments(['a.service', 'b.service'], undefined)).toEqual([
      ...['--follow', '--output=json', '--all', '--output-fields=MESSAGE,PRIORITY,_SYSTEMD_UNIT,UNIT'],
      ...['--unit=a.service', '--unit=b.service', '--lines=10000'],
    ]);
    const behind = journalArguments(['a.service'], cursorOf(7));
    expect(behind.slice(-2)).toEqual(['--no-tail', `--after-cursor=${cursorOf(7)}`]);
  });

  it('gives lines as they come, and leaves no process when it is stopped', async () => {
    const source = await journalctl(
      `echo $$ > ${dir}/pid; ${say(ofUnit(1, 'one'))}; ${say(ofUnit(2, 'two'))}; exec sleep 60`,
    );
    const lines: FollowedLine[] = [];
    for await (const batch of source.follow(undefined, stop.signal)) {
      lines.push(...batch.lines);
      if (lines.length === 2) stop.abort();
    }
    expect(lines.map(({ text }) => text)).toEqual(['one', 'two']);
    const pid = Number(await readFile(join(dir, 'pid'), 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  const reasonOf = async (source: ReturnType<typeof journalSource>, after?: string) => {
    try {
      for await (const _ of source.follow(after, stop.signal));
    } catch (error) {
      return (error as Error).message;
    }
  };

  it.each([
    ['No journal files were opened due to insufficient permissions.', 'group systemd-journal'],
    ['Hint: You are currently not seeing messages from other users and the system.', 'group systemd-journal'],
    ['No journal files were found.', 'there is no journal on this machine'],
  ])('does not wait for ever where journalctl says %j', async (said, reason) => {
    const source = await journalctl(`echo '${said}' >&2; exec sleep 60`);
    expect(await reasonOf(source)).toContain(reason);
  });

  it('says why journalctl ended, and that there is none', async () => {
    const source = await journalctl('echo "Failed to open journal: Bad message" >&2; exit 1');
    expect(await reasonOf(source)).toBe('journalctl ended: Failed to open journal: Bad message');
    expect(await reasonOf(journalSource(services, join(dir, 'none')))).toContain('there is no');
  });

  it('begins anew where the cursor is of another journal', async () => {
    const source = await journalctl(`
      case "$*" in *after-cursor*) echo 'Failed to seek to cursor: Invalid argument' >&2; exit 1;; esac
      ${say(ofUnit(9, 'anew'))}; exec sleep 60`);
    for await (const { lines } of source.follow('s=old', stop.signal)) {
      if (lines.length > 0) {
        expect(lines[0]!.text).toBe('anew');
        break;
      }
    }
    const asked = (await readFile(join(dir, 'asked'), 'utf8')).trim().split('\n');
    expect(asked).toHaveLength(2);
    expect(asked[1]).toContain('--lines=10000');
  });
});
