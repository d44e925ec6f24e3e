/** How long a sound or a film really is, by what the file holds and not by what its head says. */
import { mp4Types, opusType } from '../kinds.ts';
import { withWindow, type FileWindow } from './file-window.ts';
import { flacLength } from './flac-length.ts';
import { adtsLength, mp3Length } from './frames-length.ts';
import { mp4Length } from './mp4-length.ts';
import { oggLength } from './ogg-length.ts';
import { wavLength } from './wav-length.ts';
import { webmLength } from './webm-length.ts';

interface Reader {
  readonly windowBytes: number;
  /** Seconds; 0 when it finds none. */
  readonly read: (file: FileWindow) => Promise<number>;
}

const through = 256 * 1024;
const jumping = 16 * 1024;

const readers = new Map<string, Reader>([
  ['audio/mpeg', { windowBytes: through, read: mp3Length }],
  ['audio/aac', { windowBytes: through, read: adtsLength }],
  ['audio/ogg', { windowBytes: through, read: oggLength }],
  [opusType, { windowBytes: through, read: oggLength }],
  ['video/webm', { windowBytes: through, read: webmLength }],
  ['audio/flac', { windowBytes: jumping, read: flacLength }],
  ['audio/wav', { windowBytes: jumping, read: wavLength }],
  ...[...mp4Types, 'audio/mp4', 'audio/x-m4a'].map(
    (type) => [type, { windowBytes: jumping, read: mp4Length }] as const,
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
