/** The media type that is told of a document: by its bytes, then by its name, then as it came. */
import { typeOfName } from './endings.ts';
import { beginning, beginsAsPage, type FirstBytes } from './first-bytes.ts';

/** Formats that others are made of, and which those are. */
const containers: Readonly<Record<string, RegExp>> = {
  'application/zip': /^(application|model)\/|^image\/openraster$/,
  'application/java-archive': /^application\/(vnd\.android|x-xpinstall|java)/,
  'application/x-cfb': /^application\//,
  'application/gzip': /^application\/|^image\/svg\+xml$/,
  'application/x-rar-compressed': /rar$|cbr$/,
  'application/x-7z-compressed': /cb[7r]$/,
  'application/xml': /xml$|^text\/|^application\//,
  'application/ogg': /^(audio|video)\/.*ogg/,
  'application/vnd.ms-asf': /^(audio|video)\/x-ms-/,
  'audio/x-ms-asf': /^(audio|video)\/x-ms-/,
  'video/x-ms-asf': /^(audio|video)\/x-ms-/,
  'video/matroska': /matroska$/,
  'image/tiff': /^image\/x-/,
};
/** Formats with a mark of their own, which a container would not hide. */
const plainlyMarked =
  /^application\/(pdf|rtf|json|octet-stream|wasm|(x-)?g?zip\S*|x-tar|x-7z\S*|vnd\.rar|x-bzip2?|x-xz|zstd|x-msdownload|x-msdos\S*|x-sqlite3)$/;

/** What a server or a client says that knows no better. */
const saysNothing = /octet-stream$|download$|unknown$|^multipart\/|^application\/x-www-form-urlencoded$/;
const mediaType = /^[\w.+-]{1,80}\/[\w.+-]{1,80}$/;

/** Formats that are never text. */
const neverText =
  /^(image|audio|video|font)\/(?!svg|x-(mpegurl|scpls|xpixmap|xbitmap|portable))|^application\/(pdf|rtf|zip|gzip|x-tar|x-7z\S*|x-bzip2?|x-xz|x-msdos\S*|x-apple-diskimage|x-iso9660-image|x-debian-package|x-redhat\S*|x-mobipocket\S*|x-shockwave-flash|wasm|epub\+zip|java-archive|vnd\.(apple\.(numbers|pages)|ms-(?!excel$|powerpoint$)|android|openxml|oasis|rar)\S*)/;
/** Formats that share their ending with one that is text: .ts, .dts, .key, .org, .pub, .bat. */
const sharing =
  /^(video\/mp2t|audio\/vnd\.dts|application\/(x-mspublisher|x-msdownload|vnd\.(apple\.keynote|(lotus|ibm)\S*|ms-project)))$/;

export function isNeverText(type: string): boolean {
  return neverText.test(type) || sharing.test(type);
}

/** Whether a name of that type may be that of a source or a key, too. */
export function mayBeSource(type: string): boolean {
  return sharing.test(type);
}

/**
 * `name` is the file's, `told` the Content-Type of the server's answer or of the part of a body; each counts only where
 * the bytes do not say otherwise.
 */
export function documentType(
  { type, isText, head }: FirstBytes,
  name: string | undefined,
  told: string | undefined,
): string {
  const parts = type === undefined ? undefined : containers[type];
  if (type !== undefined && !parts) return type;
  const isPossible = (candidate: string) => {
    if (parts) return parts.test(candidate) && !plainlyMarked.test(candidate);
    return !isText || isTextOf(candidate, head);
  };
  const named = typeOfName(name);
  if (named !== undefined && (named === type || isPossible(named))) return named;
  const isTold = told !== undefined && mediaType.test(told) && !saysNothing.test(told);
  if (isTold && isPossible(told) && (isText || type !== undefined || told !== 'text/plain')) return told;
  if (type !== undefined) return type;
  if (!isText || named === undefined) return 'application/octet-stream';
  return beginsAsPage(beginning(head)) ? 'text/html' : 'text/plain';
}

/** Whether a text may be of the type. */
function isTextOf(type: string, head: Buffer): boolean {
  if (type.endsWith('+xml')) return beginning(head).startsWith('<');
  if (type === 'text/html') return beginsAsPage(beginning(head));
  return !isNeverText(type);
}

/** The media type of a Content-Type, in lower case and without parameters. */
export function mediaTypeOf(contentType: string | undefined): string | undefined {
  return contentType?.split(';', 1)[0]!.trim().toLowerCase() || undefined;
}
