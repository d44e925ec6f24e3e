/** Sound of a length and loudness that a test asks for, in every container that is sent. */
import { createEncoder } from 'libopus-wasm';

const rate = 48_000;
const packetSamples = 960;
const preSkip = 312;
export const packetsPerS = rate / packetSamples;

/** Packets of a tone; `loudness` from 0 to 1, by the share of the whole that has gone. */
export async function opusTone(seconds: number, loudness: (share: number) => number): Promise<Buffer[]> {
  using encoder = await createEncoder({ channels: 1 });
  const count = seconds * packetsPerS;
  return Array.from({ length: count }, (_, packet) => {
    const sound = Float32Array.from({ length: packetSamples }, (__, sample) => {
      const at = packet * packetSamples + sample;
      return loudness(packet / count) * Math.sin((2 * Math.PI * 440 * at) / rate);
    });
    return Buffer.from(encoder.encodeFloat(sound));
  });
}

/** Packets of silence: frames of CELT that decode to nothing. */
export function opusSilence(seconds: number): Buffer[] {
  return Array.from({ length: seconds * packetsPerS }, () => Buffer.from('f8fffe', 'hex'));
}

/** A packet of 20 ms that no decoder takes: it says that it holds two frames of one length, and has an odd number of bytes. */
export const opusDamaged = Buffer.from([0xf1, 1]);

interface OggForm {
  readonly serial?: number;
  /** Position at which the stream begins, in samples. */
  readonly start?: number;
  /** Leaves the positions of the pages out. */
  readonly isUntold?: boolean;
}

/** OGG with Opus, a page for each second. */
export function oggOpus(
  packets: readonly Buffer[],
  { serial = 7, start = 0, isUntold }: OggForm = {},
): Buffer {
  const head = Buffer.from('OpusHead\x01\x01\0\0\0\0\0\0\0\0\0', 'latin1');
  head.writeUInt16LE(preSkip, 10);
  head.writeUInt32LE(rate, 12);
  const tags = Buffer.from('OpusTags\x01\0\0\0x\0\0\0\0', 'latin1');
  const pages = Array.from({ length: Math.ceil(packets.length / packetsPerS) }, (_, page) => {
    const until = Math.min((page + 1) * packetsPerS, packets.length);
    const granule = isUntold ? -1 : start + until * packetSamples;
    return oggPage(serial, page + 2, granule, packets.slice(page * packetsPerS, until));
  });
  return Buffer.concat([
    oggPage(serial, 0, 0, [head], { flags: 2 }),
    oggPage(serial, 1, 0, [tags]),
    ...pages,
  ]);
}

/** A page; `goesOn` where its last packet, of a multiple of 255 bytes, ends on the next one. */
export function oggPage(
  serial: number,
  number: number,
  granule: number,
  packets: readonly Buffer[],
  { flags = 0, goesOn = false } = {},
): Buffer {
  const lacing = packets.flatMap(({ length }) => [
    ...Array<number>(Math.floor(length / 255)).fill(255),
    length % 255,
  ]);
  if (goesOn) lacing.pop();
  const head = Buffer.alloc(27);
  head.write('OggS');
  head[5] = flags;
  head.writeBigInt64LE(BigInt(granule), 6);
  head.writeUInt32LE(serial, 14);
  head.writeUInt32LE(number, 18);
  head[26] = lacing.length;
  const page = Buffer.concat([head, Buffer.from(lacing), ...packets]);
  page.writeUInt32LE(oggChecksum(page), 22);
  return page;
}

function oggChecksum(bytes: Buffer): number {
  return (
    bytes.reduce((sum, byte) => {
      let next = sum ^ (byte << 24);
      for (let bit = 0; bit < 8; bit++) next = (next << 1) ^ (next < 0 ? 0x04c1_1db7 : 0);
      return next;
    }, 0) >>> 0
  );
}

/** Silent frames of MPEG 1, layer III, 44.1 kHz, at 32 and 64 kbit/s by turns: of a bit rate that varies. */
export function mp3(frames: number): Buffer {
  return Buffer.concat(
    Array.from({ length: frames }, (_, index) =>
      mp3Frame(index % 2 === 0 ? { code: 1, kbit: 32 } : { code: 5, kbit: 64 }),
    ),
  );
}

function mp3Frame({ code, kbit }: { code: number; kbit: number }): Buffer {
  const frame = Buffer.alloc(Math.floor((144_000 * kbit) / 44_100));
  frame.set([0xff, 0xfb, code << 4, 0xc0]);
  return frame;
}

/** Tags of ID3v2 with a cover of so many bytes. */
export function id3(coverBytes: number): Buffer {
  const cover = Buffer.concat([
    Buffer.from('\0image/jpeg\0\x03\0', 'latin1'),
    Buffer.alloc(coverBytes, 0xff),
  ]);
  const frame = Buffer.alloc(10);
  frame.write('APIC');
  frame.writeUInt32BE(cover.length, 4);
  const size = frame.length + cover.length;
  const sizes = [21, 14, 7, 0].map((shift) => (size >> shift) & 0x7f);
  return Buffer.concat([Buffer.from('ID3\x03\0\0', 'latin1'), Buffer.from(sizes), frame, cover]);
}

/** Frames of AAC in ADTS, 44.1 kHz. */
export function adts(frames: number): Buffer {
  const frame = Buffer.alloc(64);
  frame.set([
    0xff,
    0xf1,
    0x50,
    0x40 | (frame.length >> 11),
    (frame.length >> 3) & 0xff,
    ((frame.length & 7) << 5) | 0x1f,
    0xfc,
  ]);
  return Buffer.concat(Array<Buffer>(frames).fill(frame));
}

/** 8000 samples a second of 8 bits; `told` is the length that its head tells. */
export function wav(bytes: number, told: number): Buffer {
  const head = Buffer.from('RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0', 'latin1');
  const rest = Buffer.alloc(20);
  rest.writeUInt32LE(8000, 0);
  rest.writeUInt32LE(8000, 4);
  rest.writeUInt16LE(1, 8);
  rest.writeUInt16LE(8, 10);
  rest.write('data', 12);
  rest.writeUInt32LE(told, 16);
  head.writeUInt32LE(Math.min(told + 36, 0xffff_ffff), 4);
  return Buffer.concat([head, rest, Buffer.alloc(bytes, 128)]);
}
