/** What the first bytes of a file say of it. */
import { fileTypeFromFile } from 'file-type';
import { open } from 'node:fs/promises';

export interface FirstBytes {
  /** As many as are looked at. */
  readonly head: Buffer;
  /** Whether they are text, of whatever charset. */
  readonly isText: boolean;
  /** The media type that they are a mark of. */
  readonly type: string | undefined;
}

const headBytes = 64 * 1024;
/** A text may begin as other formats do, with BM for instance; only these are text themselves. */
const marksOfText =
  /^(text|model)\/|\+xml$|^application\/(pdf|rtf|postscript|eps|xml|pgp-encrypted|x-ms-regedit)$/;

export async function readFirstBytes(path: string): Promise<FirstBytes> {
  const [head, found] = await Promise.all([readHead(path), fileTypeFromFile(path)]);
  const isText = looksLikeText(head.subarray(0, 4096));
  const type = found && (!isText || marksOfText.test(found.mime)) ? found.mime : undefined;
  return { head, isText, type };
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** By the bytes that no text has (mimesniff.spec.whatwg.org, binary data byte), or its byte order mark. */
function looksLikeText(head: Buffer): boolean {
  const mark = head.subarray(0, 2).toString('hex');
  if (mark === 'fffe' || mark === 'feff') return true;
  // eslint-disable-next-line no-control-regex
  return head.length > 0 && !/[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]/.test(head.toString('latin1'));
}

/** The first bytes as text, decoded far enough to tell HTML, XML and JSON. */
export function beginning(head: Buffer): string {
  const mark = head.subarray(0, 2).toString('hex');
  const charset = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
  return new TextDecoder(charset).decode(head).trimStart();
}

const leadIn = /^(?:<\?xml[^>]*>|<!--[\s\S]*?-->|\s)+/i;
const elements =
  /^<(!doctype\s+html|(html|head|body|title|meta|script|style|link|h1|div|p|a|table|br|iframe)[\s/>])/i;

/** Whether a text begins as a web page does. */
export function beginsAsPage(text: string): boolean {
  return elements.test(text.replace(leadIn, ''));
}
