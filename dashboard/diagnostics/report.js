/**
 * The report of diagnostics as the monitor tells it, piece by piece: what is planned, each check when it has ended, the
 * causes at last.
 *
 * @typedef {Record<string, string | number>} Values
 * @typedef {{ at: string, message: string }} Line
 *
 * @typedef {object} Check
 * @property {string} check
 * @property {string | null} service
 * @property {boolean | null} ok
 * @property {string} detail in English
 * @property {string} id which sentence it is
 * @property {Values} values
 * @property {Line[]} lines
 * @property {number} ms
 *
 * @typedef {{ line: Line, count: number } | { id: string, values: Values }} Fact
 *
 * @typedef {object} Cause
 * @property {string} id
 * @property {string | null} service
 * @property {string} title
 * @property {string[]} evidence
 * @property {string} advice
 * @property {Fact[]} facts
 *
 * @typedef {object} Report
 * @property {string} at
 * @property {{ check: string, service: string | null }[]} planned
 * @property {Map<string, Check>} checks by `keyOf`
 * @property {Cause[] | undefined} causes undefined while it runs
 */
import { say } from '../language.js';

const linesType = 'application/x-ndjson';
/** Longer than the longest check. */
const withinMs = 40_000;

/** @param {{ check: string, service: string | null }} check */
export function keyOf({ check, service }) {
  return `${service ?? ''} ${check}`;
}

/**
 * Runs diagnostics, and tells of each piece of the report as it comes.
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
