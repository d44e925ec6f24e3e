/** What the checks answer: one line each. */

/** `warn` keeps nobody from going live; `fail` does. */
export type State = 'ok' | 'warn' | 'fail';

export interface Finding {
  /** What was looked at, such as "session of send-text". */
  readonly check: string;
  readonly state: State;
  /** What is so; where it is not ok, also what to do. */
  readonly detail: string;
}

export function ok(check: string, detail: string): Finding {
  return { check, state: 'ok', detail };
}

export function warn(check: string, detail: string): Finding {
  return { check, state: 'warn', detail };
}

export function fail(check: string, detail: string): Finding {
  return { check, state: 'fail', detail };
}

/** Several troubles of one check, or the one good word where there is none. */
export function oneOrMore(check: string, troubles: readonly Finding[], good: string): readonly Finding[] {
  return troubles.length > 0 ? troubles : [ok(check, good)];
}
