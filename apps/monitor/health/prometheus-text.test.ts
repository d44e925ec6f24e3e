import { describe, expect, it } from 'vitest';
import { firstBrokenLine, parseSamples, valueOf } from './prometheus-text.ts';

const whole = '# HELP a of it\n\na 1\nb{c="d}"} +Inf\ne NaN 1790000000\n';

describe('the text format of Prometheus', () => {
  it('is whole where each line is one of it', () => {
    expect(firstBrokenLine(whole)).toBeNull();
    expect(firstBrokenLine('')).toBeNull();
  });

  it.each(['f{ 1', 'f one', '<html>', 'f'])('is broken by %j, and the rest of it is read', (line) => {
    const text = `${whole}${line}\ng 2\n`;
    expect(firstBrokenLine(text)).toBe(6);
    const samples = parseSamples(text);
    expect([valueOf(samples, 'a'), valueOf(samples, 'g'), valueOf(samples, 'f')]).toEqual([1, 2, null]);
  });
});
