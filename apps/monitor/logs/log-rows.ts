/** Rows of the stored lines, and which of them a reader wants. */
import type { Level } from '../model/log-levels.ts';
import type { LogClass, LogGroup, LogLine } from './log-line.ts';

export interface LogFilter {
  /** Each is null where any will do. */
  readonly services: readonly string[] | null;
  /** Classes and groups of them. */
  readonly classes: readonly string[] | null;
  readonly levels: readonly Level[] | null;
  /** A part of the line, in any case as far as ASCII goes. */
  readonly text: string | null;
  /** Milliseconds since the epoch. */
  readonly since: number | null;
}

export const everyLine: LogFilter = { services: null, classes: null, levels: null, text: null, since: null };

export interface Row {
  readonly seq: number;
  readonly at: number;
  readonly service: string;
  readonly level: string;
  readonly class: string;
  readonly grp: string;
  readonly message: string;
  readonly id: string | null;
  readonly chat: string | null;
  readonly request_id: string | null;
}

export const columns = 'seq, at, service, level, class, grp, message, id, chat, request_id';

export const matches = `
  (:services IS NULL OR service IN (SELECT value FROM json_each(:services)))
  AND (:levels IS NULL OR level IN (SELECT value FROM json_each(:levels)))
  AND (:classes IS NULL OR class IN (SELECT value FROM json_each(:classes)) OR grp IN (SELECT value FROM json_each(:classes)))
  AND (:since IS NULL OR at >= :since)
  AND (:text IS NULL OR message LIKE :text ESCAPE '\\' OR raw LIKE :text ESCAPE '\\')`;

/** What `matches` asks for. */
export function filterParameters({ services, classes, levels, text, since }: LogFilter) {
  const list = (values: readonly string[] | null) => (values === null ? null : JSON.stringify(values));
  return {
    services: list(services),
    classes: list(classes),
    levels: list(levels),
    since,
    text: text === null ? null : `%${text.replace(/[\\%_]/g, '\\$&')}%`,
  };
}

export function toLine({ seq, at, grp, ...row }: Row): LogLine {
  const { service, message, id, chat, request_id } = row;
  return {
    seq,
    at: new Date(at).toISOString(),
    service,
    level: row.level as Level,
    class: row.class as LogClass,
    group: grp as LogGroup,
    message,
    id,
    chat,
    request_id,
  };
}
