/**
 * The length of an MP4 or MOV by its samples (ISO/IEC 14496-12, 8.6 and 8.8): the head of one that was written in
 * fragments tells none, or that of its first part.
 */
import type { FileWindow } from './file-window.ts';
import { BoxReader, type Box } from './mp4-boxes.ts';

interface Track {
  /** Ticks a second. */
  readonly scale: number;
  /** Seconds by the list of edits: before the first sample, and of samples that are shown; 0 where it does not say. */
  readonly edits: { readonly emptyS: number; readonly shownS: number };
  ticks: number;
  /** Of a sample of its fragments, where they do not say. */
  fragmentTicks: number;
}

/** An hour in fragments of a second, with a margin. */
const maxBoxes = 200_000;
const shown = new Set(['vide', 'soun']);

/** Seconds of the longest track of pictures or sound; 0 when there is none. */
export async function mp4Length(file: FileWindow): Promise<number> {
  const reader = new BoxReader(file, maxBoxes);
  const tracks = new Map<number, Track>();
  for await (const box of reader.inside(reader.whole)) {
    if (box.type === 'moov') await readTracks(reader, box, tracks);
    if (box.type === 'moof') await readFragment(reader, box, tracks);
  }
  const lengths = [...tracks.values()].map(({ scale, edits, ticks }) => {
    const samplesS = edits.emptyS + ticks / scale;
    return edits.shownS > 0 ? Math.min(samplesS, edits.emptyS + edits.shownS) : samplesS;
  });
  return Math.max(0, ...lengths);
}

/** Where the first fragment begins; undefined when there is none. */
export async function mp4Fragments(file: FileWindow): Promise<number | undefined> {
  const reader = new BoxReader(file, maxBoxes);
  let end = 0;
  for await (const box of reader.inside(reader.whole)) {
    if (box.type === 'moof') return end;
    end = box.end;
  }
  return undefined;
}

async function readTracks(reader: BoxReader, moov: Box, tracks: Map<number, Track>): Promise<void> {
  const movieScale = scaleIn(await reader.content(await reader.find(moov, 'mvhd'), 32));
  for await (const trak of reader.ofType(moov, 'trak')) {
    const header = await reader.content(await reader.find(trak, 'tkhd'), 32);
    const handler = await reader.content(await reader.find(trak, 'mdia', 'hdlr'), 12);
    const scale = scaleIn(await reader.content(await reader.find(trak, 'mdia', 'mdhd'), 32));
    if (header.length < 32 || scale === 0 || !shown.has(handler.toString('latin1', 8))) continue;
    tracks.set(header.readUInt32BE(header[0] === 1 ? 20 : 12), {
      scale,
      edits: await editsOf(reader, trak, movieScale),
      ticks: await samplesTicks(reader, trak),
      fragmentTicks: 0,
    });
  }
  const fragmentsToCome = await reader.find(moov, 'mvex');
  if (!fragmentsToCome) return;
  for await (const trex of reader.ofType(fragmentsToCome, 'trex')) {
    const content = await reader.content(trex, 16);
    const track = content.length === 16 ? tracks.get(content.readUInt32BE(4)) : undefined;
    if (track) track.fragmentTicks = content.readUInt32BE(12);
  }
}

/** Ticks a second in mvhd and mdhd, which begin alike. */
function scaleIn(header: Buffer): number {
  const at = header[0] === 1 ? 20 : 12;
  return header.length >= at + 4 ? header.readUInt32BE(at) : 0;
}

async function samplesTicks(reader: BoxReader, trak: Box): Promise<number> {
  const times = await reader.find(trak, 'mdia', 'minf', 'stbl', 'stts');
  let ticks = 0;
  if (!times) return 0;
  for await (const row of reader.rows(times, 8, 8)) ticks += row.readUInt32BE(0) * row.readUInt32BE(4);
  return ticks;
}

async function editsOf(reader: BoxReader, trak: Box, scale: number): Promise<Track['edits']> {
  const list = await reader.find(trak, 'edts', 'elst');
  const edits = { emptyS: 0, shownS: 0 };
  if (!list || scale === 0) return edits;
  const isLong = (await reader.content(list, 1))[0] === 1;
  for await (const row of reader.rows(list, 8, isLong ? 20 : 12)) {
    const seconds = (isLong ? Number(row.readBigUInt64BE(0)) : row.readUInt32BE(0)) / scale;
    const isEmpty = (isLong ? row.readBigInt64BE(8) : BigInt(row.readInt32BE(4))) === -1n;
    if (isEmpty) edits.emptyS += seconds;
    else edits.shownS += seconds;
  }
  return edits;
}

async function readFragment(reader: BoxReader, moof: Box, tracks: ReadonlyMap<number, Track>): Promise<void> {
  for await (const traf of reader.ofType(moof, 'traf')) {
    const header = await reader.content(await reader.find(traf, 'tfhd'), 24);
    const track = header.length >= 8 ? tracks.get(header.readUInt32BE(4)) : undefined;
    if (!track) continue;
    const flags = header.readUIntBE(1, 3);
    const durationAt = 8 + ((flags & 0x01) !== 0 ? 8 : 0) + ((flags & 0x02) !== 0 ? 4 : 0);
    const tellsDuration = (flags & 0x08) !== 0 && header.length >= durationAt + 4;
    const usual = tellsDuration ? header.readUInt32BE(durationAt) : track.fragmentTicks;
    for await (const run of reader.ofType(traf, 'trun')) track.ticks += await runTicks(reader, run, usual);
  }
}

async function runTicks(reader: BoxReader, run: Box, usual: number): Promise<number> {
  const header = await reader.content(run, 8);
  if (header.length < 8) return 0;
  const flags = header.readUIntBE(1, 3);
  const count = header.readUInt32BE(4);
  if ((flags & 0x100) === 0) return count * usual;
  const bytes = (mask: number) => bitsIn(flags & mask) * 4;
  let ticks = 0;
  for await (const row of reader.rows(run, 8 + bytes(0x05), bytes(0xf00), count))
    ticks += row.readUInt32BE(0);
  return ticks;
}

function bitsIn(flags: number): number {
  return flags.toString(2).replaceAll('0', '').length;
}
