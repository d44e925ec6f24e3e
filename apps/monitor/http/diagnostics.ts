/** Diagnostics over HTTP: run anew, or the last run in another language. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { Problem } from '../../kit/errors.ts';
import { runChecks, type DiagnosticsDeps, type Run } from '../diagnostics/checks.ts';
import { createReport } from '../diagnostics/report.ts';
import { languages, type Language } from '../diagnostics/words.ts';

/**
 * `POST /api/diagnostics?lang=` runs all checks, `GET` tells the last run again; without `lang` in the language the
 * browser asks for. Who asks while a run is under way is given its outcome.
 */
export function routeDiagnostics(router: Router, deps: DiagnosticsDeps): void {
  let running: Promise<Run> | undefined;
  let last: Run | undefined;

  router.post('/api/diagnostics', async (ctx) => {
    const lang = languageOf(ctx);
    running ??= runChecks(deps).finally(() => (running = undefined));
    last = await running;
    ctx.body = createReport(last, lang);
  });

  router.get('/api/diagnostics', (ctx) => {
    const lang = languageOf(ctx);
    if (!last) throw new Problem('not_found', 'nothing was diagnosed since the monitor started: POST first');
    ctx.body = createReport(last, lang);
  });
}

/** @throws Problem bad_request for a language there is not */
function languageOf(ctx: Context): Language {
  const { lang = '' } = ctx.query;
  if (lang === '') return ctx.acceptsLanguages([...languages]) === 'ru' ? 'ru' : 'en';
  const found = languages.find((language) => language === lang);
  if (found) return found;
  throw new Problem('bad_request', `lang takes one of ${languages.join(', ')}`);
}
