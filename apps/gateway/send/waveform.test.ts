import { expect, it } from 'vitest';
import { unpackWaveform } from '../../sandbox/http/inbox-media-views.ts';
import { packWaveform } from './waveform.ts';

it('packs levels of five bits, the lowest first, without a gap', () => {
  expect(packWaveform([1, 0, 0, 0, 0, 0, 0, 0])).toEqual(Buffer.from([1, 0, 0, 0, 0]));
  expect(packWaveform([0, 31])).toEqual(Buffer.from([0b1110_0000, 0b0000_0011]));
});

it('packs a hundred of them in 63 bytes, as the inbox unpacks them', () => {
  const levels = Array.from({ length: 100 }, (_, index) => (index * 7) % 32);
  const packed = packWaveform(levels);
  expect(packed).toHaveLength(63);
  expect(unpackWaveform(packed)).toEqual(levels);
});
