/** What is inside an audio or video file: tracks, their length, and what they are called. */
import type { IAudioMetadata } from 'music-metadata';
import { fromFile } from 'strtok3';
import { audioTypes, mp4Types } from '../model/media-kinds.ts';
import { headBytes, realLength } from './lengths/length.ts';
import { mp4Size, type Size } from './mp4-size.ts';

export interface Tracks {
  readonly hasVideo: boolean;
  readonly hasAudio: boolean;
  /** Of the first video track, as it is shown. */
  readonly size: Size | undefined;
  readonly durationS: number | undefined;
  readonly title: string | undefined;
  readonly performer: string | undefined;
}

/** Bounds on what a made-up file can cost: a cover is at most some MB, and reading tags takes milliseconds. */
const maxBufferBytes = 32 * 1024 * 1024;
const maxReadingMs = 10_000;
const maxTextLength = 255;

const untagged = {
  hasVideo: false,
  hasAudio: true,
  size: undefined,
  title: undefined,
  performer: undefined,
};

/** Undefined for a file that cannot be read as what its first bytes say it is. */
export async function readTracks(path: string, mimeType: string): Promise<Tracks | undefined> {
  const realS = await realLength(path, mimeType);
  try {
    const { format, common } = await readTags(path, mimeType);
    const durationS = realS ?? toldLength(format);
    return {
      hasVideo: format.hasVideo === true,
      hasAudio: format.hasAudio === true,
      size: (mp4Types.has(mimeType) ? await mp4Size(path) : undefined) ?? codedSize(format.trackInfo),
      durationS: Number.isFinite(durationS) && durationS > 0 ? durationS : undefined,
      title: shortened(common.title),
      performer: shortened(common.artist),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error; // The disk's.
    // Whatever a parser of foreign bytes throws: sound without tags that it can read is still sound.
    const isSound = audioTypes.has(mimeType) && realS !== undefined;
    return isSound ? { ...untagged, durationS: realS } : undefined;
  }
}

async function readTags(path: string, mimeType: string): Promise<IAudioMetadata> {
  // Loaded for the first film or song: a gateway that sends none is 10 MB smaller without it.
  const { parseFromTokenizer } = await import('music-metadata');
  const head = await headBytes(path, mimeType);
  const tokenizer = await fromFile(path, {
    maxBufferSize: maxBufferBytes,
    regularFileOnly: true,
    fileInfo: { mimeType },
  });
  // Of an hour in fragments the reader of tags would read each; none of them has any.
  if (head !== undefined) tokenizer.fileInfo.size = head;
  const deadline = performance.now() + maxReadingMs;
  for (const method of ['readBuffer', 'peekBuffer'] as const) {
    const original = tokenizer[method].bind(tokenizer);
    tokenizer[method] = (...given) => {
      if (performance.now() > deadline) return Promise.reject(new Error('takes too long to read'));
      return original(...given);
    };
  }
  try {
    return await parseFromTokenizer(tokenizer, { skipCovers: true });
  } finally {
    await tokenizer.close();
  }
}

function toldLength({ duration, trackInfo }: IAudioMetadata['format']): number {
  return duration ?? Math.max(0, ...trackInfo.map((track) => track.duration ?? 0));
}

function codedSize(tracks: IAudioMetadata['format']['trackInfo']): Size | undefined {
  for (const { video } of tracks) {
    const { pixelWidth: width, pixelHeight: height } = video ?? {};
    if (width && height) return { width, height };
  }
  return undefined;
}

function shortened(text: string | undefined): string | undefined {
  return text?.trim().slice(0, maxTextLength) || undefined;
}
