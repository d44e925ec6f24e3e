/**
 * The size at which an MP4 or MOV is shown, from its track headers. The reader of tags gives the coded size, which for
 * a film made with an upright phone is the lying one, and none for MOV; only `moov > trak > tkhd` has the rotation.
 */
import { withWindow } from './lengths/file-window.ts';
import { BoxReader } from './lengths/mp4-boxes.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** No real film comes near. */
const maxBoxes = 10_000;
const maxHeaderBytes = 256;

/** The size of the first track that is seen, turned as it is shown; undefined when there is none. */
export function mp4Size(path: string): Promise<Size | undefined> {
  return withWindow(path, 16 * 1024, async (file) => {
    const reader = new BoxReader(file, maxBoxes);
    for await (const moov of reader.ofType(reader.whole, 'moov')) {
      for await (const trak of reader.ofType(moov, 'trak')) {
        const header = await reader.content(await reader.find(trak, 'tkhd'), maxHeaderBytes);
        const size = shownSize(header);
        if (size) return size;
      }
    }
    return undefined;
  });
}

/** ISO/IEC 14496-12, 8.3.2: the matrix and the size are the last 44 bytes; 16.16 fixed point. */
function shownSize(header: Buffer): Size | undefined {
  const isVersion1 = header[0] === 1;
  const matrix = isVersion1 ? 52 : 40;
  if (header.length < matrix + 44) return undefined;
  const width = header.readUInt32BE(matrix + 36) >>> 16;
  const height = header.readUInt32BE(matrix + 40) >>> 16;
  if (width === 0 || height === 0) return undefined;
  const isTurned = header.readInt32BE(matrix) === 0 && header.readInt32BE(matrix + 4) !== 0;
  return isTurned ? { width: height, height: width } : { width, height };
}
