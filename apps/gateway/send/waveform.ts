/** Levels from 0 to 31 as Telegram's clients pack them: 5 bits each, lowest bits first, without a gap. */
const bitsEach = 5;

export function packWaveform(levels: readonly number[]): Buffer {
  const packed = Buffer.alloc(Math.ceil((levels.length * bitsEach) / 8));
  levels.forEach((level, index) => {
    const bit = index * bitsEach;
    const shifted = (level & 31) << (bit % 8);
    packed[bit >> 3]! |= shifted & 0xff;
    if (shifted > 0xff) packed[(bit >> 3) + 1]! |= shifted >> 8;
  });
  return packed;
}
