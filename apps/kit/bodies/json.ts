/** A text of JSON as an object, with what JSON.parse lets pass in silence refused: a key that is there twice. */
import { Problem } from '../errors.ts';
import { shortened } from '../shorten.ts';

/** Deeper than any body that is taken; a million levels would keep the process busy for long. */
export const maxDepth = 32;

/** @throws Problem bad_request: 400 for what is not a JSON object, 422 for a key that is there twice */
export function parseObject(text: string): Record<string, unknown> {
  checkStructure(text);
  try {
    return asObject(JSON.parse(text));
  } catch (error) {
    throw notJson(error);
  }
}

/** The problem of a text that no parser takes. */
export function notJson(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const why = shortened((error as Error).message.replace(/"(?:[^"\\]|\\.){100,}"/s, '"…"'), 200);
  return new Problem('bad_request', `the body is not JSON: ${why}`, { status: 400 });
}

/** @throws Problem bad_request (400) for JSON that is not an object */
export function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Problem('bad_request', 'the body must be a JSON object', { status: 400 });
  }
  return value as Record<string, unknown>;
}

export function tooDeep(): Problem {
  return new Problem('bad_request', `the body is nested deeper than ${maxDepth} levels`, { status: 400 });
}

export function twice(key: string): Problem {
  return new Problem('bad_request', `the field ${shortened(key)} is there twice: give it once`);
}

/** Walks over the brackets and keys of a text, which need not be JSON: the parser says so afterwards. */
function checkStructure(text: string): void {
  const open: (Set<string> | undefined)[] = [];
  const structure = /["{}[\]]/g;
  for (let match = structure.exec(text); match; match = structure.exec(text)) {
    const at = match.index;
    const char = match[0];
    if (char === '{' || char === '[') {
      if (open.length === maxDepth) throw tooDeep();
      open.push(char === '{' ? new Set() : undefined);
    } else if (char === '}' || char === ']') open.pop();
    else {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (keys && isBeforeColon(text, end)) noteKey(keys, text.slice(at, end + 1));
      structure.lastIndex = end + 1;
    }
  }
}

/** The index of the quotation mark that closes the string; the end of the text where none does. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

function isBeforeColon(text: string, end: number): boolean {
  let at = end + 1;
  while (' \t\r\n'.includes(text[at] ?? '.')) at += 1;
  return text[at] === ':';
}

function noteKey(keys: Set<string>, quoted: string): void {
  const key = quoted.includes('\\') ? unquoted(quoted) : quoted.slice(1, -1);
  if (keys.has(key)) throw twice(key);
  keys.add(key);
}

function unquoted(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted;
  }
}
