/** Clear flood wait over HTTP: begin it, look at it, cancel it. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { Problem } from '../../kit/errors.ts';
import { userOf } from '../access/basic-authentication.ts';
import type { Audit } from '../files/audit.ts';
import type { Watcher } from '../health/watcher.ts';
import type { ClearFloodWait } from '../procedures/clear-flood-wait.ts';
import type { Who } from '../procedures/control.ts';
import { procedureName } from '../procedures/record.ts';
import { mustConfirm } from './confirm.ts';
import { record } from './recorded.ts';

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
    const account = namedAccount(ctx.query.account);
    ctx.body = procedure.status(await watcher.services(), account);
  });

  router.post(path, async (ctx) => {
    const account = namedAccount((await mustConfirm(ctx, procedureName)).account);
    const views = await watcher.look(); // Which gates are closed, while the gateways can still tell.
    await written(deps, ctx, procedureName, async () => {
      const begun = await procedure.start(whoIs(ctx), views, account);
      return begun === null ? null : `account ${begun}`;
    });
    ctx.status = 202;
    ctx.body = procedure.status(views);
  });

  router.delete(path, async (ctx) => {
    await written(deps, ctx, `cancel ${procedureName}`, async () => {
      await procedure.cancel(whoIs(ctx));
      return null;
    });
    ctx.body = procedure.status(await watcher.look());
  });
}

function whoIs(ctx: Context): Who {
  return { user: userOf(ctx), address: ctx.ip };
}

/** @throws Problem bad_request for what is no name at all */
function namedAccount(account: unknown): string | undefined {
  if (account === undefined || typeof account === 'string') return account;
  throw new Problem('bad_request', 'account takes the name of one account');
}

/** `act` resolves with what is worth a note. */
async function written(
  deps: ProcedureRoutesDeps,
  ctx: Context,
  action: string,
  act: () => Promise<string | null>,
): Promise<void> {
  const write = (ok: boolean, detail: string | null) =>
    record(deps, ctx, { service: '', action, ok, detail });
  let noted: string | null;
  try {
    noted = await act();
  } catch (error) {
    await write(false, (error as Error).message);
    throw error;
  }
  await write(true, noted);
}
