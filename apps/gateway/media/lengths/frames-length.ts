/** The length of MP3 and AAC as a row of frames: all of them are counted, for what their first says of the rest may be wrong. */
import type { FileWindow } from './file-window.ts';

interface Frame {
  readonly bytes: number;
  readonly seconds: number;
}

/** Undefined for what is no head of a frame; `head` has at least 7 bytes. */
type ReadHead = (head: Buffer) => Frame | undefined;

/** For the next frame behind what is none. */
const searchBytes = 64 * 1024;

/** Seconds of MPEG audio, layers I to III. */
export const mp3Length = (file: FileWindow) => framesLength(file, mp3Frame);
/** Seconds of AAC in ADTS. */
export const adtsLength = (file: FileWindow) => framesLength(file, adtsFrame);

async function framesLength(file: FileWindow, readHead: ReadHead): Promise<number> {
  let seconds = 0;
  let isFirst = true;
  for (let at = 0; at < file.size;) {
    const head = await file.read(at, 192);
    if (head.length < 7) break;
    const frame = readHead(head);
    if (frame) {
      if (!isFirst || !describesTheRest(head)) seconds += frame.seconds;
      isFirst = false;
      at += frame.bytes;
    } else {
      at += tagBytes(head) ?? (await bytesToFrame(file, at, readHead));
    }
  }
  return seconds;
}

/** A frame without sound that encoders put first. */
function describesTheRest(head: Buffer): boolean {
  return ['Xing', 'Info', 'VBRI'].some((name) => head.includes(name, 0, 'latin1'));
}

/** ID3v2, which may hold covers of some MB; where files were joined, also in the middle. */
function tagBytes(head: Buffer): number | undefined {
  if (head.length < 10 || head.toString('latin1', 0, 3) !== 'ID3') return undefined;
  const size = [6, 7, 8, 9].reduce((sum, at) => (sum << 7) | (head[at]! & 0x7f), 0);
  return 10 + size + ((head[5]! & 0x10) === 0 ? 0 : 10);
}

/** To the next frame that another one follows. */
async function bytesToFrame(file: FileWindow, from: number, readHead: ReadHead): Promise<number> {
  const bytes = await file.read(from, searchBytes);
  for (let at = bytes.indexOf(0xff, 1); at > 0 && at + 7 <= bytes.length; at = bytes.indexOf(0xff, at + 1)) {
    const frame = readHead(bytes.subarray(at));
    if (!frame) continue;
    const next = bytes.subarray(at + frame.bytes);
    if (next.length < 7 || readHead(next)) return at;
  }
  return Math.max(1, bytes.length - 6);
}

const kbits = {
  v1: [
    [],
    [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  ],
  v2: [
    [],
    [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  ],
};

/** ISO/IEC 11172-3, 2.4.1.3; frames of a free bit rate do not tell their length. */
function mp3Frame(head: Buffer): Frame | undefined {
  const bits = head.readUInt32BE(0);
  if (bits >>> 21 !== 0x7ff) return undefined;
  const version = (bits >>> 19) & 3;
  const layer = 4 - ((bits >>> 17) & 3);
  const base = [44_100, 48_000, 32_000][(bits >>> 10) & 3];
  const kbit = (version === 3 ? kbits.v1 : kbits.v2)[layer]?.[((bits >>> 12) & 15) - 1];
  if (version === 1 || base === undefined || kbit === undefined) return undefined;
  const rate = base / [4, 1, 2, 1][version]!;
  const samples = layer === 1 ? 384 : layer === 3 && version !== 3 ? 576 : 1152;
  const slotBytes = layer === 1 ? 4 : 1;
  const slots = Math.floor(((samples / 8) * kbit * 1000) / rate / slotBytes) + ((bits >>> 9) & 1);
  return { bytes: slots * slotBytes, seconds: samples / rate };
}

const adtsRates = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350,
];

/** ISO/IEC 14496-3, 1.A.2.2. */
function adtsFrame(head: Buffer): Frame | undefined {
  const rate = adtsRates[(head[2]! >> 2) & 15];
  const bytes = ((head[3]! & 3) << 11) | (head[4]! << 3) | (head[5]! >> 5);
  if ((head.readUInt16BE(0) & 0xfff6) !== 0xfff0 || rate === undefined || bytes < 7) return undefined;
  return { bytes, seconds: (((head[6]! & 3) + 1) * 1024) / rate };
}
