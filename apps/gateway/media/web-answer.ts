/** What servers answer in place of a file: a sign-in or error page, or an error as JSON, XML or text. */
import { Problem } from '../../kit/errors.ts';
import { isNeverText, mayBeSource } from './document-type.ts';
import { endingOf, isScript, typeOfName } from './endings.ts';
import { beginning, beginsAsPage, type FirstBytes } from './first-bytes.ts';
import { shortened } from '../../kit/shorten.ts';

/** An answer, and what was asked for. */
export interface WebAnswer {
  /** The field that has the URL, for errors. */
  readonly field: string;
  readonly host: string;
  readonly sizeBytes: number;
  /** Its Content-Type, without parameters. */
  readonly toldType: string | undefined;
  /** What the file is called by the caller, the URL and the server; the first with an ending tells what was asked for. */
  readonly names: readonly (string | undefined)[];
  /** The media type by the caller. */
  readonly mimeType: string | undefined;
  /** Whether the caller asked for a picture, film or sound. */
  readonly isShown: boolean;
}

/** With what a caller asks for it: media types, and an ending. */
const asked = {
  'a web page': { types: /html|^message\/rfc822$/, ending: '.html' },
  JSON: { types: /[/+]json$/, ending: '.json' },
  XML: { types: /[/+]xml$/, ending: '.xml' },
  text: { types: /^text\//, ending: '.txt' },
} as const;
type What = keyof typeof asked;

/** @throws Problem media_invalid where the answer is not the file that was asked for */
export function checkAnswer(answer: WebAnswer, first: FirstBytes): void {
  const { field, host, names, mimeType = '' } = answer;
  const name = names.find((each) => endingOf(each) !== undefined && !isScript(each!));
  const type = typeOfName(name);
  const what = whatItIs(answer, first, type);
  if (what === undefined || asked[what].types.test(mimeType)) return;
  if (name !== undefined && mayBe(what, type, answer)) return;
  if (name === undefined && !answer.isShown && isData(what, first)) return;
  const detail =
    `${field}: ${shortened(host)} answered with ${what}, not with the file: its address may need a sign-in or have ` +
    `expired; if that is what you mean to send, give a filename that ends in ${asked[what].ending}`;
  throw new Problem('media_invalid', detail);
}

/** Undefined for a file of a format with a mark. */
function whatItIs(
  { toldType = '', sizeBytes }: WebAnswer,
  { head, isText, type }: FirstBytes,
  named: string | undefined,
): What | undefined {
  if (!isText || (type !== undefined && type !== 'application/xml')) return undefined;
  const text = beginning(head);
  if (isDrawing(text)) return undefined;
  if (beginsAsPage(text)) return 'a web page';
  if (isJson(text, toldType, sizeBytes <= head.length)) return 'JSON';
  if (/^<[a-z?!]/i.test(text)) return /html$/.test(toldType) ? 'a web page' : 'XML';
  // Servers say text/html of what they do not know, such as a table that a script wrote.
  const isTable = named !== undefined && !isNeverText(named);
  return /html$/.test(toldType) && !isTable ? 'a web page' : 'text';
}

/** SVG, which is a picture, whatever it is called. */
function isDrawing(text: string): boolean {
  return /^(<[?!][^>]*>|\s)*<svg[\s>]/i.test(text);
}

function isJson(text: string, toldType: string, isWhole: boolean): boolean {
  if (!/^[[{]/.test(text)) return false;
  return isWhole ? parsed(text) !== undefined : toldType.includes('json');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether an answer without an ending to go by is worth sending: data, and neither a page nor an error. */
function isData(what: What, { head }: FirstBytes): boolean {
  const text = beginning(head);
  if (what === 'XML') return !/^(<\?[^>]*>|\s)*<(\w+:)?(error|fault|exception|problem)\b/i.test(text);
  if (what !== 'JSON') return what === 'text';
  const { error, errors, fault, exception, message, detail, code, status, ok, success } = Object(
    parsed(text),
  ) as Record<string, unknown>;
  const isError = [error, errors, fault, exception].some(Boolean) || ok === false || success === false;
  return !isError && ((message ?? detail) === undefined || (code ?? status) === undefined);
}

const dataAlone = /json|^text\/(csv|tab-separated-values|calendar|vcard|x-vcard)$/;
const office = /^application\/(msword|vnd\.ms-(excel|powerpoint))$/;

/** Whether a file whose name says `type` may be such an answer. */
function mayBe(
  what: What,
  type: string | undefined,
  { toldType = '', isShown }: Pick<WebAnswer, 'toldType' | 'isShown'>,
): boolean {
  if (type !== undefined && asked[what].types.test(type)) return true;
  if (isShown) return false;
  if (type !== undefined && isNeverText(type)) return what === 'text' && mayBeSource(type);
  // As HTML or XML, too, programs write tables under the names of office files.
  if (type !== undefined && office.test(type)) return what !== 'JSON' && toldType === type;
  if (what === 'text') return true;
  const isToldSo = asked[what].types.test(toldType);
  const isOfData = dataAlone.test(type ?? '');
  return what === 'a web page' ? !isToldSo && !isOfData : !isToldSo || !isOfData;
}
