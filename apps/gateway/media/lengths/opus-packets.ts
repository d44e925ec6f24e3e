/** What packets of Opus tell of themselves (RFC 6716, 3.1; RFC 7845, 5.1). */

/** Samples a second in which positions are counted, whatever the sound was made of. */
export const opusRate = 48_000;

/** Samples of a frame by the upper five bits of a packet's first byte: SILK, hybrid, CELT. */
const frameSamples = [
  ...Array.from({ length: 12 }, (_, config) => [480, 960, 1920, 2880][config % 4]!),
  ...Array.from({ length: 4 }, (_, config) => [480, 960][config % 2]!),
  ...Array.from({ length: 16 }, (_, config) => [120, 240, 480, 960][config % 4]!),
];
const maxPacketSamples = opusRate * 0.12;

export function isOpusHead(packet: Buffer): boolean {
  return packet.length >= 19 && packet.toString('latin1', 0, 8) === 'OpusHead';
}

export function channelsOf(head: Buffer): number {
  return head[9]!;
}

/** By which it is to be played louder, in 1/256 dB. */
export function gainOf(head: Buffer): number {
  return head.readInt16LE(16);
}

/** Samples at the beginning that are not played. */
export function preSkipOf(head: Buffer): number {
  return head.readUInt16LE(10);
}

/** The length of a packet; 0 for one of tags, or that is damaged. */
export function opusSamples(packet: Buffer): number {
  const first = packet[0];
  if (first === undefined || packet.toString('latin1', 0, 8) === 'OpusTags') return 0;
  const code = first & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 63;
  const samples = frames * frameSamples[first >> 3]!;
  return samples <= maxPacketSamples ? samples : 0;
}
