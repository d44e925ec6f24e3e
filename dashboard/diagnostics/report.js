/** Runs diagnostics, and reads the report piece by piece: what is planned, each check that ended, at last the causes. */
import { say } from '../language.js';

/** @import { Planned } from '../../apps/monitor/diagnostics/outcome.ts' */
/** @import { ReportedCause, ReportedCheck } from '../../apps/monitor/diagnostics/report.ts' */

/**
 * @typedef {object} Report The report so far.
 * @property {string} at
 * @property {Planned[]} planned
 * @property {Map<string, ReportedCheck>} checks by `keyOf`
 * @property {ReportedCause[] | undefined} causes undefined while it runs
 */

const linesType = 'application/x-ndjson';
/** Longer than the longest check. */
const withinMs = 40_000;

/** @param {Planned} check */
export function keyOf({ check, service }) {
  return `${service ?? ''} ${check}`;
}

/**
 * Calls `onPiece` for each piece as it comes.
 * @param {(report: Report) => void} onPiece given the report so far
 * @returns {Promise<string>} why there is no whole report, in the language of the page; empty where there is one
 */
export async function runDiagnostics(onPiece) {
  /** @type {Report} */
  const report = { at: '', planned: [], checks: new Map(), causes: undefined };
  try {
    const answer = await fetch('/api/diagnostics', {
      method: 'POST',
      headers: { Accept: linesType, 'Content-Type': 'application/json' },
      body: '{}',
      signal: AbortSignal.timeout(withinMs),
    });
    if (!answer.ok || !answer.body) return `HTTP ${answer.status}`;
    for await (const piece of linesOf(answer.body)) {
      const { at, planned, check, causes } = JSON.parse(piece);
      if (planned) Object.assign(report, { at, planned });
      if (check) report.checks.set(keyOf(check), check);
      if (causes) report.causes = causes;
      onPiece(report);
    }
  } catch {
    return say('failed.network');
  }
  return report.causes ? '' : say('failed.network');
}

/**
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<string, void>}
 */
async function* linesOf(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const lines = (text + decoder.decode(read.value, { stream: true })).split('\n');
    text = lines.pop() ?? '';
    yield* lines;
  }
}
