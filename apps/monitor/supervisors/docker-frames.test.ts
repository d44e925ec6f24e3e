import { describe, expect, it } from 'vitest';
import { DockerPosition, dockerLineReader, type DockerLine } from './docker-frames.ts';

const time = (n: number) => `2026-11-23T10:00:00.${String(n).padStart(9, '0')}Z`;
const frame = (stream: number, text: string | Buffer, at = time(1)) => {
  const payload = Buffer.concat([Buffer.from(`${at} `), Buffer.from(text as string)]);
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(payload.length, 4);
  return Buffer.concat([head, payload]);
};

describe('a multiplexed stream', () => {
  it('is read the same wherever it is cut', () => {
    const bytes = Buffer.concat([
      frame(1, 'привет\n'),
      frame(2, 'ERROR: x\r\n', time(2)),
      frame(1, '\n', time(3)),
    ]);
    const whole = dockerLineReader(false).push(bytes);
    expect(whole).toEqual([
      { time: time(1), isError: false, text: 'привет' },
      { time: time(2), isError: true, text: 'ERROR: x' },
      { time: time(3), isError: false, text: '' },
    ]);
    const reader = dockerLineReader(false);
    expect([...bytes].flatMap((byte) => reader.push(Buffer.from([byte])))).toEqual(whole);
  });

  it('puts a long line together from its parts, though other lines come between and a letter is cut', () => {
    const letter = Buffer.from('й');
    const reader = dockerLineReader(false);
    const lines = [
      frame(1, Buffer.concat([Buffer.from('a'), letter.subarray(0, 1)])),
      frame(2, 'between\n', time(2)),
      frame(1, Buffer.concat([letter.subarray(1), Buffer.from('z\n')]), time(3)),
    ].flatMap((bytes) => reader.push(bytes));
    expect(lines.map(({ text }) => text)).toEqual(['between', 'aйz']);
    expect(lines[1]!.time).toBe(time(1));
  });

  it('is bounded: a line without end is given in parts', () => {
    const reader = dockerLineReader(false);
    const part = frame(1, 'x'.repeat(16_384));
    const lines = Array.from({ length: 100 }, () => reader.push(part)).flat();
    expect(lines).toHaveLength(1);
    expect(lines[0]!.text.length).toBeGreaterThan(1_000_000);
  });

  it('that is none is refused rather than read', () => {
    expect(() => dockerLineReader(false).push(Buffer.from('2026-11-23T10:00:00Z text'))).toThrow(
      'not one of Docker',
    );
  });
});

describe('the stream of a terminal', () => {
  it('is lines without frames', () => {
    const reader = dockerLineReader(true);
    expect(reader.push(Buffer.from(`${time(1)} one\r\n${time(2)} tw`))).toEqual([
      { time: time(1), isError: false, text: 'one' },
    ]);
    expect(reader.push(Buffer.from('o\r\n'))[0]!.text).toBe('two');
  });
});

describe('a position in the lines of a container', () => {
  const line = (at: string): DockerLine => ({ time: at, isError: false, text: '' });

  it('begins again at its time, passing over the lines of that time that were read', () => {
    const first = new DockerPosition();
    expect(first.since).toBeUndefined();
    const cursors = [time(1), time(7), time(7), time(7)].map((at) => first.advance(line(at))!);
    const again = new DockerPosition(cursors[2]);
    expect(again.since).toBe('1795428000.000000007');
    const read = [time(7), time(7), time(7), time(8)].map((at) => again.advance(line(at)));
    expect(read).toEqual([undefined, undefined, cursors[3], `${time(8)} 1`]);
  });

  it('loses no line that is a little older than the one before it', () => {
    const position = new DockerPosition();
    position.advance(line(time(5)));
    expect(position.advance(line(time(4)))).toBe(`${time(5)} 1`);
  });
});
