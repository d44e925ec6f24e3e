import { describe, expect, it } from 'vitest';
import { LineRing } from './lines.ts';

const line = (text: string) => ({ at: '', service: 'text', stream: 'stdout', line: text }) as const;

describe('kept lines', () => {
  it('are read on from where the last page ended', () => {
    const ring = new LineRing('a');
    ring.push(line('one'));
    ring.push(line('two'));
    const first = ring.read(undefined, 1);
    expect(first.lines.map((l) => l.line)).toEqual(['one']);
    ring.push(line('three'));
    expect(ring.read(first.next).lines.map((l) => l.line)).toEqual(['two', 'three']);
  });

  it('are bounded, and a reader is told how many it missed', () => {
    const ring = new LineRing('a', 100);
    const cursor = ring.read(undefined).next;
    for (let i = 0; i < 1_000; i += 1) ring.push(line(String(i)));
    const page = ring.read(cursor);
    expect(page.lines.length).toBeLessThanOrEqual(125);
    expect(page.lines.at(-1)!.line).toBe('999');
    expect(page.dropped + page.lines.length).toBe(1_000);
  });

  it('start over for a cursor of an earlier launcher', () => {
    const ring = new LineRing('b');
    ring.push(line('one'));
    expect(ring.read('a-500').lines).toHaveLength(1);
  });
});
