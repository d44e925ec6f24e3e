/** The ending of a file's name: what it says of the type, and which one a name without it gets. */
import mime from 'mime-types';

/** What the registry has not, or has for another format that shares the ending. */
const typesByEnding: Readonly<Record<string, string>> = {
  cbz: 'application/vnd.comicbook+zip',
  fb2: 'application/x-fictionbook+xml',
  mpp: 'application/vnd.ms-project',
  msi: 'application/x-msi',
  tgs: 'application/x-tgsticker',
  tgz: 'application/gzip',
};

/** Where the registry has no ending, or one that nobody uses. */
const usualEndings: Readonly<Record<string, string>> = {
  'application/x-tgsticker': 'tgs',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg',
  'audio/aac': 'aac',
  'audio/flac': 'flac',
  'text/plain': 'txt',
  'text/x-vcard': 'vcf',
  'video/quicktime': 'mov',
};

/** In lower case, without its dot. A date, a time or a number at the end of a name is none. */
export function endingOf(name: string | undefined): string | undefined {
  const [, before = '', ending = ''] = /^(.+)\.([a-z0-9]{1,10})$/i.exec(name ?? '') ?? [];
  const known = ending.toLowerCase();
  if (/^[a-z]/.test(known)) return known;
  if (/[a-z]/.test(known)) return mime.lookup(known) === false ? undefined : known;
  // Pieces of one file: archive.zip.001.
  return known.length === 3 && endingOf(before) !== undefined ? known : undefined;
}

const scripts = /\.(php\d?|phtml|aspx?|ashx|axd|jspx?|cgi|fcgi|cfm|do|action)$/i;

/** Whether it is that of a program on a server, which says nothing of what it answers. */
export function isScript(name: string): boolean {
  return scripts.test(name);
}

/** The media type that a name tells; undefined where it tells none. */
export function typeOfName(name: string | undefined): string | undefined {
  const ending = endingOf(name);
  if (ending === undefined) return undefined;
  return typesByEnding[ending] ?? (mime.lookup(ending) || undefined);
}

/** A name with an ending that fits: clients go by it. Names that have one keep it. */
export function nameWithEnding(name: string | undefined, mimeType: string): string {
  const base = name ?? 'file';
  const isHidden = /^\.[\w-]+$/.test(base);
  if (isHidden || endingOf(base) !== undefined) return base;
  const ending = usualEndings[mimeType] ?? mime.extension(mimeType);
  return ending === false || ending === 'bin' ? base : `${base}.${ending}`;
}
