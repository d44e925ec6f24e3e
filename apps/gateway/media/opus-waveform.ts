/** The waveform of a voice message: how loud OGG with Opus is along its length, as Telegram Desktop measures it. */
import { setImmediate } from 'node:timers/promises';
import type { OpusDecoderHandle } from 'libopus-wasm';
import { withWindow } from './lengths/file-window.ts';
import { oggPages } from './lengths/ogg-pages.ts';
import { channelsOf, gainOf, isOpusHead, opusRate, opusSamples, preSkipOf } from './lengths/opus-packets.ts';

const bars = 100;
const topLevel = 31;
/** Peaks are scaled to 1.8 times their mean, so that one knock does not flatten the rest; silence stays flat. */
const headroom = 1.8;
const leastScale = 2500;

/** No more is decoded, which takes less than half a second: of a longer recording, stretches spread evenly over it. */
const maxDecodedS = 120;
const stretchSamples = opusRate / 5;
/** How long decoding may hold up everything else. */
const maxSliceMs = 4;

const windowBytes = 256 * 1024;

/**
 * 100 levels from 0 to 31; undefined when the file cannot be decoded. `durationS` is the whole length. It takes processor
 * time of at most half a second, in slices.
 */
export async function opusWaveform(
  path: string,
  durationS: number | undefined,
): Promise<number[] | undefined> {
  if (durationS === undefined) return undefined;
  try {
    return levelsOf(await peaksOf(path, durationS * opusRate));
  } catch {
    return undefined; // A message is worth more than its waveform.
  }
}

/** The highest sample of each bar. @throws Error when nothing can be decoded */
async function peaksOf(path: string, samples: number): Promise<number[]> {
  // Loaded for the first voice message: a gateway that sends none does without it.
  const { createDecoder, DecoderCtl } = await import('libopus-wasm');
  using decoder = await createDecoder({ channels: 1, sampleRate: opusRate });
  const stride = Math.ceil(samples / opusRate / maxDecodedS);
  const peaks: (number | undefined)[] = Array<undefined>(bars).fill(undefined);
  let voice: number | undefined;
  let at = 0;
  let sliceEnd = performance.now() + maxSliceMs;
  await withWindow(path, windowBytes, async (file) => {
    for await (const { serial, isFirst, packets } of oggPages(file)) {
      const head = isFirst ? packets[0] : undefined;
      if (head && isOpusHead(head)) {
        if (channelsOf(head) > 2) throw new Error('more channels than a voice message has');
        decoder.decoderCtl(DecoderCtl.SetGain, gainOf(head));
        voice = serial;
        at -= preSkipOf(head);
      } else if (serial === voice) {
        for (const packet of packets) {
          const length = opusSamples(packet);
          if (length > 0 && Math.floor(at / stretchSamples) % stride === 0)
            raise(peaks, decoded(decoder, packet), at, samples);
          at += length;
          if (performance.now() > sliceEnd) {
            await setImmediate();
            sliceEnd = performance.now() + maxSliceMs;
          }
        }
      }
    }
  });
  if (peaks.every((peak) => peak === undefined)) throw new Error('not one packet can be decoded');
  return peaks.map((peak = 0) => peak);
}

/** Nothing of a packet that is damaged. */
function decoded(decoder: OpusDecoderHandle, packet: Buffer): Int16Array {
  try {
    return decoder.decode(packet);
  } catch {
    return new Int16Array();
  }
}

/** Raises the bars that sound at position `at`, of `samples` altogether, reaches. */
function raise(peaks: (number | undefined)[], sound: Int16Array, at: number, samples: number): void {
  for (let index = Math.max(0, -at); index < sound.length; index++) {
    const bar = Math.min(bars - 1, Math.floor(((at + index) * bars) / samples));
    peaks[bar] = Math.max(peaks[bar] ?? 0, Math.abs(sound[index]!));
  }
}

function levelsOf(peaks: readonly number[]): number[] {
  const mean = peaks.reduce((sum, peak) => sum + peak, 0) / peaks.length;
  const scale = Math.max(mean * headroom, leastScale);
  return peaks.map((peak) => Math.min(topLevel, Math.floor((peak * topLevel) / scale)));
}
