/**
 * The level and the words of a line that is plain text, as the loggers of Python, Go, Java, .NET, Ruby, PHP and Rust,
 * nginx, PostgreSQL and syslog write it.
 */
import { anyName, levelOfLetter, levelOfName, levelOfSeverity, type Level } from '../model/log-levels.ts';

export interface PlainLine {
  /** null when the line names none. */
  readonly level: Level | null;
  /** Without time and level. */
  readonly words: string;
}

const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*';
const date = [
  String.raw`\d{4}[-/.]\d\d?[-/.]\d\d?`,
  String.raw`\d\d?[-/.]\d\d?[-/.]\d{4}`,
  String.raw`(?:[A-Z][a-z]{2},? )?${month} {1,2}\d\d?(?:,? \d{4}\b)?`,
  String.raw`(?:[A-Z][a-z]{2}, )?\d\d?[-/ ]${month}[-/ ]\d{4}`,
].join('|');
const time = String.raw`\d\d?:\d\d(?::\d\d)?(?:[.,:]\d{1,9})?(?: ?[AP]M)?(?: ?(?:Z|[A-Z]{3,4}|[+-]\d\d:?\d\d))?\b`;
const epoch = String.raw`\d{10}(?:\.\d+)?|\d{13}`;
/** A day, a time, or both, with the brackets around them; the year may come last. */
const stamp = String.raw`[^\w\s]{0,3}(?:(?:${date})[T ,:|_-]{0,3}(?:${time})?|${time}|${epoch})(?: \d{4}\b)?[\s|:\])>,-]+`;

const upperName = anyName.toUpperCase();
const inAnyCase = `(?:${upperName}|${anyName}|${anyName.replace(/(?<=^|\|)[a-z]/g, (letter) => letter.toUpperCase())})`;
/** A level's name that stands out: in capitals, between brackets or bars, or before a colon. */
const level = String.raw`(?:\w[\w-]*\.)?(?:(?<bracketed>[[(<|]\s*(?:\w+[:.])?${inAnyCase}\s*[\])>|])|(?<upper>\b(?:${upperName})\b)|(?<labelled>\b${inAnyCase}(?: error)?:))[\s:|\]-]*`;
/** The names of processes, loggers and threads that stand before a level. */
const names = String.raw`(?:[^\s]{1,60}\s+){0,4}?`;
const tags = String.raw`(?:\[[^\]]{1,60}\]\s*|[\w.-]{1,40}\s*\|\s*){0,4}?`;
const forms = [
  new RegExp(String.raw`^(?:\d+:[A-Z] )?${stamp}${names}${level}`),
  new RegExp(String.raw`^${stamp}(?<upper>${inAnyCase})\b[\s:|\]-]+`),
  new RegExp(String.raw`^${tags}(?:PHP )?${level}`),
  new RegExp(String.raw`^[\w./-]{1,60}(?: - |: )(?<upper>${inAnyCase})(?: - |: )`),
];
const begins = new RegExp(`^${stamp}`);
const suffix = new RegExp(String.raw`\s*[[(<]\s*(${inAnyCase})\s*[\])>]$`);
const letters = [
  /^([DIWEF])\d{4} \d\d:\d\d:\d\d\S*\s+/,
  /^([DIWEF]), \[[^\]]*\]\s*/,
  /^\[([DIWEC]) \d[^\]]*\]\s*/,
];
const priority = /^<(\d{1,3})>(?:\d )?/;
/** Where a level can stand. */
const searched = 200;

export function readPlain(text: string): PlainLine {
  const rank = priority.exec(text);
  if (!rank) return readLine(text);
  const { level: named, words } = readLine(text.slice(rank[0].length));
  if (named !== null) return { level: named, words };
  return { level: levelOfSeverity(Number(rank[1]) % 8), words: words.replace(begins, '') };
}

function readLine(text: string): PlainLine {
  const beginning = text.slice(0, searched);
  const pairs = readPairs(text);
  if (pairs) return pairs;
  for (const form of letters) {
    const match = form.exec(beginning);
    if (match) return { level: levelOfLetter(match[1]!), words: text.slice(match[0].length) };
  }
  const end = suffix.exec(text.slice(-searched));
  for (const form of forms) {
    const match = form.exec(beginning);
    const isAtTheEnd = match?.[0].length === text.length && end;
    if (match && !isAtTheEnd) return { level: levelIn(match.groups!), words: text.slice(match[0].length) };
  }
  if (!end) return { level: null, words: text };
  return { level: levelOfName(end[1]!), words: text.slice(0, -end[0].length).replace(begins, '') };
}

function levelIn({ bracketed, upper, labelled }: Record<string, string | undefined>): Level | null {
  const name = bracketed ?? upper ?? labelled!;
  return levelOfName(/(\w+)(?: error)?\W*$/.exec(name)![1]!);
}

const levelPair = new RegExp(
  String.raw`(?:^|\s)(?:level|lvl|severity|loglevel|log\.level)="?(${anyName})"?(?=\s|$)`,
  'i',
);
const messagePair = /(?:^|\s)(?:msg|message|event)=("(?:[^"\\]|\\.)*"|\S+)/;
const errorPair = /(?:^|\s)(?:err|error)=("(?:[^"\\]|\\.)*"|\S+)/;

/** Of logfmt: `time=… level=error msg="…"`. */
function readPairs(text: string): PlainLine | null {
  if (!/^[\w.@-]+=/.test(text.slice(0, searched).replace(begins, ''))) return null;
  const level = levelPair.exec(text);
  if (!level) return null;
  const parts = [messagePair, errorPair].flatMap((pair) => {
    const value = pair.exec(text)?.[1];
    return value === undefined
      ? []
      : [value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value];
  });
  return { level: levelOfName(level[1]!), words: parts.join(': ') || text };
}
