/** The findings as people and as programs read them. */
import type { Finding, State } from './finding.ts';

const words: Readonly<Record<State, string>> = { ok: 'ok   ', warn: 'warn ', fail: 'TO DO' };

export function line({ check, state, detail }: Finding): string {
  return `${words[state]}  ${check}: ${detail}`;
}

export function summary(findings: readonly Finding[]): string {
  const count = (wanted: State) => findings.filter(({ state }) => state === wanted).length;
  const [warnings, failures] = [count('warn'), count('fail')];
  const warned = warnings > 0 ? `; ${warnings} to review` : '';
  return failures === 0 ? `Nothing to fix${warned}.` : `${failures} to fix${warned}.`;
}

export function json(findings: readonly Finding[]): string {
  return JSON.stringify({ ok: findings.every(({ state }) => state !== 'fail'), checks: findings }, null, 2);
}
