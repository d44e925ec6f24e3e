/** Clear flood wait over HTTP: begin it, look at it, cancel it. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { userOf } from '../access/basic-authentication.ts';
import type { Audit } from '../audit.ts';
import type { Watcher } from '../health/watcher.ts';
import type { ClearFloodWait } from '../procedures/clear-flood-wait.ts';
import type { Who } from '../procedures/control.ts';
import { procedureName } from '../procedures/record.ts';
import { mustConfirm } from './confirm.ts';

export interface ProcedureRoutesDeps {
  readonly procedure: ClearFloodWait;
  readonly watcher: Watcher;
  readonly audit: Audit;
  readonly now: () => number;
}

const path = `/api/procedures/${procedureName}`;

export function routeProcedures(router: Router, deps: ProcedureRoutesDeps): void {
  const { procedure, watcher } = deps;

  router.get(path, async (ctx) => {
    ctx.body = procedure.status(await watcher.services());
  });

  router.post(path, async (ctx) => {
    await mustConfirm(ctx, procedureName);
    const views = await watcher.look(); // Which gates are closed, while the gateways can still tell.
    await written(deps, ctx, procedureName, () => procedure.start(whoIs(ctx), views));
    ctx.status = 202;
    ctx.body = procedure.status(views);
  });

  router.delete(path, async (ctx) => {
    await written(deps, ctx, `cancel ${procedureName}`, () => procedure.cancel(whoIs(ctx)));
    ctx.body = procedure.status(await watcher.look());
  });
}

function whoIs(ctx: Context): Who {
  return { user: userOf(ctx), address: ctx.ip };
}

async function written(
  { audit, now }: ProcedureRoutesDeps,
  ctx: Context,
  action: string,
  act: () => Promise<void>,
): Promise<void> {
  const write = (ok: boolean, detail: string | null) =>
    audit.add({ at: new Date(now()).toISOString(), ...whoIs(ctx), service: '', action, ok, detail });
  try {
    await act();
  } catch (error) {
    await write(false, (error as Error).message);
    throw error;
  }
  await write(true, null);
}
