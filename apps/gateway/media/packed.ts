/** Content-Encodings that are no encoding on the way but how the file itself is packed. */

interface Packing {
  readonly endings: RegExp;
  readonly types: RegExp;
}

const gzip = {
  endings: /\.(gz|gzip|tgz|taz|svgz|emz|wmz|tgs)$/i,
  types: /^application\/(x-)?(gzip\S*|gunzip|tgz|gtar-compressed|compressed-tar|gzip-compressed|tgsticker)$/,
};
const packings: Readonly<Record<string, Packing>> = {
  gzip,
  'x-gzip': gzip,
  br: { endings: /\.br$/i, types: /^application\/(x-)?br(otli)?$/ },
  zstd: { endings: /\.t?zst$/i, types: /^application\/(x-)?zstd(-\S*)?$/ },
  compress: { endings: /\.(Z|taz)$/, types: /^application\/(x-)?compress$/ },
  'x-compress': { endings: /\.(Z|taz)$/, types: /^application\/(x-)?compress$/ },
  bzip2: { endings: /\.t?bz2?$/i, types: /^application\/(x-)?bzip2?(-\S*)?$/ },
  'x-bzip2': { endings: /\.t?bz2?$/i, types: /^application\/(x-)?bzip2?(-\S*)?$/ },
  xz: { endings: /\.t?xz$/i, types: /^application\/(x-)?xz(-\S*)?$/ },
};

/** Whether the file by its name or its type is what `encoding` makes, as servers say of a .tar.gz. */
export function isPackedItself(
  encoding: string | undefined,
  name: string | undefined,
  toldType: string | undefined,
): boolean {
  const key = encoding?.trim().toLowerCase() ?? '';
  const packing = Object.hasOwn(packings, key) ? packings[key]! : undefined;
  return packing !== undefined && (packing.endings.test(name ?? '') || packing.types.test(toldType ?? ''));
}
