/** Clear flood wait over HTTP: begin it, look at it, cancel it. */
import type Router from '@koa/router';
import { Problem } from '../../kit/errors.ts';
import { reason, sentence } from '../../kit/reason.ts';
import type { Watcher } from '../health/watcher.ts';
import type { ClearFloodWait } from '../procedures/clear-flood-wait.ts';
import { procedureName } from '../procedures/record.ts';
import { mustConfirm } from './confirm.ts';
import { recorded, whoIs, type RecordDeps } from './recorded.ts';

export interface ProcedureRoutesDeps extends RecordDeps {
  readonly procedure: ClearFloodWait;
  readonly watcher: Watcher;
}

const path = `/api/procedures/${procedureName}`;

export function routeProcedures(router: Router, deps: ProcedureRoutesDeps): void {
  const { procedure, watcher } = deps;

  router.get(path, async (ctx) => {
    const account = namedAccount(ctx.query.account);
    ctx.body = procedure.status(await watcher.services(), account);
  });

  router.post(path, async (ctx) => {
    const account = namedAccount((await mustConfirm(ctx, procedureName)).account);
    const views = await watcher.look(); // Which gates are closed, while the gateways can still tell.
    await recorded(deps, ctx, { service: '', action: procedureName }, async (note) => {
      const begun = await procedure.start(whoIs(ctx), views, account);
      if (begun !== null) note(reason('of_account', { account: begun }));
    });
    ctx.status = 202;
    ctx.body = procedure.status(views);
  });

  router.delete(path, async (ctx) => {
    const deed = reason('deed_cancel');
    const what = { service: '', action: sentence(deed), deed };
    await recorded(deps, ctx, what, () => procedure.cancel(whoIs(ctx)));
    ctx.body = procedure.status(await watcher.look());
  });
}

/** @throws Problem bad_request for what is no name at all */
function namedAccount(account: unknown): string | undefined {
  if (account === undefined || typeof account === 'string') return account;
  throw new Problem('bad_request', 'account takes the name of one account');
}
