import { describe, expect, it } from 'vitest';
import { parseEntry, Terminal } from './terminal.ts';

function createTerminal() {
  const written: string[] = [];
  const output = { write: (text: string) => written.push(text) > 0 };
  return { terminal: new Terminal(output, output), written };
}
const json = (level: string, fields: object) => JSON.stringify({ level, service: 'text', ...fields });

describe('the terminal', () => {
  it('shows warnings and errors alone, unless asked for every line', () => {
    const { terminal, written } = createTerminal();
    terminal.line('text', json('info', { msg: 'quiet' }));
    terminal.line('text', json('error', { msg: 'loud' }));
    terminal.verbose = true;
    terminal.line('text', json('info', { msg: 'now heard' }));
    expect(written.join('')).toMatch(/loud\n.*now heard\n$/);
    expect(written.join('')).not.toContain('quiet');
  });

  it('knows the levels that pino writes as numbers', () => {
    expect(parseEntry('{"level":40,"msg":"careful"}')).toEqual({ level: 'warn', text: 'careful' });
    expect(parseEntry('{"level":7}')).toBeUndefined();
  });

  it('prints a line that is not JSON as it is', () => {
    const { terminal, written } = createTerminal();
    terminal.line('text', 'plain words');
    terminal.line('text', '42');
    expect(written).toEqual(['plain words\n', '42\n']);
  });

  it('holds plain lines back while starting', () => {
    const { terminal, written } = createTerminal();
    terminal.hold();
    terminal.line('text', 'later');
    expect(written).toEqual([]);
    terminal.release();
    expect(written).toEqual(['later\n']);
  });

  it('tells an error by its message, without the stack', () => {
    const entry = parseEntry(
      json('error', { msg: 'request failed', err: { message: 'no room', stack: 'at …' }, chat: 7 }),
    );
    expect(entry).toEqual({ level: 'error', text: 'request failed: no room chat=7' });
  });

  it('shows one line of an entry, and obeys nothing in it', () => {
    const forged = 'a\r\nERROR forged\u001b[2J\u009b2J\u0085\u2028\u2029\u202eb';
    const entry = parseEntry(json('error', { msg: forged, chat: forged, err: { message: forged } }));
    const harmless = 'a··ERROR forged·[2J·2J····b';
    expect(entry!.text).toBe(`${harmless}: ${harmless} chat=${harmless}`);
  });
});
