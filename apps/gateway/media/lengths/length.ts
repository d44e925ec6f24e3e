/** How long a sound or a film really is, by what the file holds and not by what its head says. */
import { mp4Types, opusType } from '../../model/media-kinds.ts';
import { withWindow, type FileWindow } from './file-window.ts';
import { flacLength } from './flac-length.ts';
import { adtsLength, mp3Length } from './frames-length.ts';
import { mp4Fragments, mp4Length } from './mp4-length.ts';
import { oggLength } from './ogg-length.ts';
import { wavLength } from './wav-length.ts';
import { webmClusters, webmLength } from './webm-length.ts';

interface Reader {
  readonly windowBytes: number;
  /** Seconds; 0 when it finds none. */
  readonly read: (file: FileWindow) => Promise<number>;
  /** Where what can be hours long begins; what describes it comes before. */
  readonly findBody?: (file: FileWindow) => Promise<number | undefined>;
}

const through = 256 * 1024;
const jumping = 16 * 1024;

const readers = new Map<string, Reader>([
  ['audio/mpeg', { windowBytes: through, read: mp3Length }],
  ['audio/aac', { windowBytes: through, read: adtsLength }],
  ['audio/ogg', { windowBytes: through, read: oggLength }],
  [opusType, { windowBytes: through, read: oggLength }],
  ['video/webm', { windowBytes: through, read: webmLength, findBody: webmClusters }],
  ['audio/flac', { windowBytes: jumping, read: flacLength }],
  ['audio/wav', { windowBytes: jumping, read: wavLength }],
  ...[...mp4Types].map(
    (type) => [type, { windowBytes: jumping, read: mp4Length, findBody: mp4Fragments }] as const,
  ),
]);

/** Seconds; undefined where the file does not tell, or takes too long to read. */
export async function realLength(path: string, mimeType: string): Promise<number | undefined> {
  const reader = readers.get(mimeType);
  if (!reader) return undefined;
  try {
    const seconds = await withWindow(path, reader.windowBytes, reader.read);
    return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
  } catch {
    return undefined; // Damaged bytes lead anywhere.
  }
}

/** How many bytes at the beginning of a file say what is in it, where that is not all of them. */
export async function headBytes(path: string, mimeType: string): Promise<number | undefined> {
  const findBody = readers.get(mimeType)?.findBody;
  return findBody && withWindow(path, jumping, findBody);
}
