/** Diagnostics over HTTP: run anew, whole or check by check, or the last run again. */
import { Readable } from 'node:stream';
import type Router from '@koa/router';
import { Problem } from '../../kit/errors.ts';
import { beginChecks, type DiagnosticsDeps, type Run, type Running } from '../diagnostics/checks.ts';
import { createReport, reportCheck } from '../diagnostics/report.ts';
import { asTheyEnd } from '../diagnostics/within.ts';

const linesType = 'application/x-ndjson';

/**
 * `POST /api/diagnostics` runs all checks and answers the report; to a client that accepts `application/x-ndjson`, in lines as it
 * goes on: `{at, planned}`, then each `{check}` when it has ended, then `{causes}`. A request while a run is under way
 * joins it. `GET` answers the last run again.
 */
export function routeDiagnostics(router: Router, deps: DiagnosticsDeps): void {
  let running: Running | undefined;
  let last: Run | undefined;

  const join = (): Running => {
    if (running) return running;
    running = beginChecks(deps);
    void running.ended.then((run) => {
      last = run;
      running = undefined;
    });
    return running;
  };

  router.post('/api/diagnostics', async (ctx) => {
    if (ctx.accepts('json', linesType) === linesType) {
      ctx.set({ 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
      ctx.type = linesType;
      ctx.body = Readable.from(linesOf(join()));
    } else ctx.body = createReport(await join().ended);
  });

  router.get('/api/diagnostics', (ctx) => {
    if (!last) throw new Problem('not_found', 'nothing was diagnosed since the monitor started: POST first');
    ctx.body = createReport(last);
  });
}

async function* linesOf({ at, planned, checks, ended }: Running): AsyncGenerator<string, void, undefined> {
  yield lineOf({ at, planned });
  for await (const check of asTheyEnd(checks)) yield lineOf({ check: reportCheck(check) });
  yield lineOf({ causes: createReport(await ended).causes });
}

function lineOf(part: object): string {
  return `${JSON.stringify(part)}\n`;
}
