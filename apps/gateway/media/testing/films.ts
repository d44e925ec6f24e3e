/** Films of a length that a test asks for, written as browsers, cameras and pipes write them. */

/** A box of ISO/IEC 14496-12. */
export function box(type: string, ...content: readonly Buffer[]): Buffer {
  const inside = Buffer.concat(content);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(inside.length + 8);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, inside]);
}

/** 32-bit numbers. */
export function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeUInt32BE(value >>> 0, index * 4));
  return bytes;
}

const scale = 1000;

interface Mp4Form {
  /** Seconds that its head tells. */
  readonly told?: number;
  /** Seconds of samples that its head lists. */
  readonly samples?: number;
  /** Seconds of each fragment that follows. */
  readonly fragments?: readonly number[];
  /** Seconds that its list of edits shows. */
  readonly shown?: number;
}

/** An MP4 with a track of pictures that holds none. */
export function mp4({ told = 0, samples = 0, fragments = [], shown }: Mp4Form): Buffer {
  const header = words(
    0,
    0,
    0,
    1,
    0,
    told * scale,
    0,
    0,
    0,
    0,
    0x10000,
    0,
    0,
    0,
    0x10000,
    0,
    0,
    0,
    0x40000000,
  );
  const trak = box(
    'trak',
    box('tkhd', header, words(64 << 16, 48 << 16)),
    ...(shown === undefined ? [] : [box('edts', box('elst', words(0, 1, shown * scale, 0, 0x10000)))]),
    box(
      'mdia',
      box('mdhd', words(0, 0, 0, scale, told * scale, 0)),
      box('hdlr', words(0, 0), Buffer.from('vide'), Buffer.alloc(13)),
      box('minf', box('stbl', box('stts', words(0, 1, samples * 10, scale / 10)))),
    ),
  );
  const movie = box('mvhd', words(0, 0, 0, scale, told * scale), Buffer.alloc(80));
  const extended = fragments.length > 0 ? [box('mvex', box('trex', words(0, 1, 1, scale / 10, 0, 0)))] : [];
  return Buffer.concat([
    box('ftyp', Buffer.from('isom'), words(512), Buffer.from('isomiso2')),
    box('moov', movie, trak, ...extended),
    ...fragments.map((seconds) => fragment(seconds)),
    box('mdat', Buffer.alloc(100)),
  ]);
}

/** Its first half by the length that is usual, the second by one that each sample tells. */
function fragment(seconds: number): Buffer {
  const usual = box('trun', words(0, seconds * 5));
  const told = box(
    'trun',
    words(0x301, seconds, 0, ...Array.from({ length: seconds }, () => [scale / 2, 9]).flat()),
  );
  return box('moof', box('mfhd', words(0, 1)), box('traf', box('tfhd', words(0x20000, 1)), usual, told));
}

interface WebmForm {
  /** Seconds that its head tells. */
  readonly told?: number;
  /** Seconds at which it begins. */
  readonly start?: number;
}

/** A WebM with a block every second, in clusters whose sizes are told or left open, as a browser writes them. */
export function webm(seconds: number, sizes: 'told' | 'open', { told, start = 0 }: WebmForm = {}): Buffer {
  const clusters = Array.from({ length: Math.ceil(seconds / 5) }, (_, cluster) => {
    const blocks = Array.from({ length: Math.min(5, seconds - cluster * 5) }, (__, block) => {
      const head = Buffer.from([0x81, 0, 0, 0]);
      head.writeInt16BE((block + 1) * scale, 1);
      return element('a3', Buffer.concat([head, Buffer.alloc(20)]));
    });
    return element('1f43b675', [element('e7', words((start + cluster * 5) * scale)), ...blocks], sizes);
  });
  const length = Buffer.alloc(8);
  length.writeDoubleBE((told ?? 0) * scale);
  const info = [
    element('2ad7b1', words(1_000_000)),
    ...(told === undefined ? [] : [element('4489', length)]),
  ];
  return Buffer.concat([
    element('1a45dfa3', element('4282', Buffer.from('webm'))),
    element('18538067', [element('1549a966', info), ...clusters], sizes),
  ]);
}

function element(id: string, content: Buffer | readonly Buffer[], size: 'told' | 'open' = 'told'): Buffer {
  const inside = Buffer.isBuffer(content) ? content : Buffer.concat(content);
  const length = Buffer.from('01ffffffffffffff', 'hex');
  if (size === 'told') length.writeUIntBE(inside.length, 2, 6);
  if (size === 'told') length[1] = 0;
  return Buffer.concat([Buffer.from(id, 'hex'), length, inside]);
}
