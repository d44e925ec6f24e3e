/** The levels of lines, and the names and numbers that loggers give them. */

/** ERROR includes fatal and critical, INFO everything below a warning. */
export const levels = ['ERROR', 'WARNING', 'INFO'] as const;
export type Level = (typeof levels)[number];

const names: Record<Level, string> = {
  ERROR: 'emergency emerg alert critical crit fatal ftl panic pnc dpanic severe error erro err fail',
  WARNING: 'warning warn wrn',
  INFO: 'notice information info inf log success debug dbug dbg trace trce trc verbose vrb fine',
};
const levelByName = new Map(
  Object.entries(names).flatMap(([level, all]) =>
    all.split(' ').map((name) => [name, level as Level] as const),
  ),
);

/** Matches any level's name; the longest first, so that "error" is not read as "err". */
export const anyName = [...levelByName.keys()].sort((a, b) => b.length - a.length).join('|');

/** Reads a name, whatever its case; null for a word that is no level's name. */
export function levelOfName(name: string): Level | null {
  return levelByName.get(name.trim().toLowerCase()) ?? null;
}

/** Reads the first letter of a level's name, as glog, Ruby and Tornado write it. */
export function levelOfLetter(letter: string): Level {
  if (/[EFC]/.test(letter)) return 'ERROR';
  return letter === 'W' ? 'WARNING' : 'INFO';
}

/** Reads a severity of syslog (RFC 5424): 0 to 3 are errors, 4 is a warning. */
export function levelOfSeverity(severity: number): Level {
  if (severity <= 3) return 'ERROR';
  return severity === 4 ? 'WARNING' : 'INFO';
}

/** Reads a number: of syslog and GELF (0 to 7), of pino and bunyan (10 to 60), or of Monolog (100 to 600). */
export function levelOfNumber(number: number): Level {
  if (number < 8) return levelOfSeverity(number);
  if (number >= 100) return number >= 400 ? 'ERROR' : number >= 300 ? 'WARNING' : 'INFO';
  return number >= 50 ? 'ERROR' : number >= 40 ? 'WARNING' : 'INFO';
}
