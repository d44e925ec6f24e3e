import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { opusType } from '../model/media-kinds.ts';
import { realLength } from './lengths/length.ts';
import { opusWaveform } from './opus-waveform.ts';
import { oggOpus, opusDamaged, opusSilence, opusTone, packetsPerS } from './testing/sounds.ts';

async function waveformOf(bytes: Buffer): Promise<number[] | undefined> {
  const path = join(temporaryFolder(), 'voice');
  writeFileSync(path, bytes);
  return opusWaveform(path, await realLength(path, opusType));
}

const sum = (levels: readonly number[]) => levels.reduce((all, level) => all + level, 0);

describe('the waveform of a voice message', () => {
  it('rises with its loudness', async () => {
    const levels = (await waveformOf(oggOpus(await opusTone(5, (share) => share))))!;
    expect(levels).toHaveLength(100);
    const tenths = Array.from({ length: 9 }, (_, tenth) => sum(levels.slice(tenth * 10, tenth * 10 + 10)));
    expect(tenths).toEqual(tenths.toSorted((a, b) => a - b));
    expect(new Set(tenths).size).toBe(9);
    expect(levels.at(-1)).toBe(31);
  });

  it('is flat where all of it is silent', async () => {
    expect(await waveformOf(oggOpus(opusSilence(2)))).toEqual(Array(100).fill(0));
  });

  it('follows both halves of two that were joined', async () => {
    const [loud, still] = [oggOpus(await opusTone(1, () => 0.5)), oggOpus(opusSilence(1))];
    const levels = (await waveformOf(Buffer.concat([loud, still])))!;
    expect(Math.min(...levels.slice(2, 48))).toBeGreaterThan(10);
    expect(Math.max(...levels.slice(53))).toBe(0);
  });

  it('is measured in stretches spread over a long one', async () => {
    const second = (await opusTone(1, () => 0.5)).slice(0, packetsPerS);
    const minutes = (count: number, packets: Buffer[]) =>
      Array<Buffer[]>(count * 60)
        .fill(packets)
        .flat();
    const levels = (await waveformOf(oggOpus([...minutes(30, second), ...minutes(30, opusSilence(1))])))!;
    expect(Math.min(...levels.slice(0, 49))).toBeGreaterThan(10);
    expect(Math.max(...levels.slice(51))).toBe(0);
  });

  it('passes over packets that are damaged', async () => {
    const packets = await opusTone(1, () => 0.5);
    for (let packet = 5; packet < 10; packet++) packets[packet] = opusDamaged;
    const levels = (await waveformOf(oggOpus(packets)))!;
    expect(levels).toHaveLength(100);
    expect(levels[50]).toBeGreaterThan(10);
  });

  it.each([
    ['nothing can be decoded', () => oggOpus(Array<Buffer>(50).fill(opusDamaged))],
    ['it is no OGG', () => Buffer.alloc(1000, 1)],
    ['it ends before the sound', () => oggOpus([])],
    ['it has more channels than a voice', () => withChannels(6)],
  ])('is left out where %s', async (_, bytes) => expect(await waveformOf(bytes())).toBeUndefined());
});

function withChannels(channels: number): Buffer {
  const bytes = oggOpus(opusSilence(1));
  bytes[bytes.indexOf('OpusHead') + 9] = channels;
  return bytes;
}
