/** Who can sign in, the codes that were sent, the sessions there are, and login tokens of QR codes. */
import Router from '@koa/router';
import { z } from 'zod';
import { Problem } from '../../kit/errors.ts';
import { codeWays, type Account, type AccountDefinition } from '../world/accounts.ts';
import { hashOfKey } from '../api/authorizations.ts';
import { acceptLoginToken } from '../api/qr.ts';
import { RpcError } from '../mtproto/rpc-error.ts';
import type { SandboxState } from '../world/state.ts';
import { bodyOf, sendJson, type Json } from './body.ts';
import { revokeSessions } from './changes.ts';
import { dataCentre, phone, revokeBody } from './schemas.ts';

const accountBody: z.ZodType<AccountDefinition> = z.strictObject({
  phone,
  first_name: z.string().min(1).max(64),
  password: z.string().min(1).max(256).optional(),
  dc: dataCentre.optional(),
  code_by: z.enum(codeWays).optional(),
  frozen: z.literal(true, 'takes true').optional(),
});
const acceptBody = z.strictObject({
  /** As base64url, as it stands in the tg://login link; the newest one where absent. */
  token: z.string().min(1).optional(),
  phone: phone.optional(),
});

/** The routes around signing in. */
export function accountRoutes(state: SandboxState): Router {
  const router = new Router();
  const { accounts, authKeys, signIns } = state;

  router.get('/accounts', (context) => sendJson(context, accounts.all().map(accountView)));
  router.post('/accounts', async (context) => {
    sendJson(context, accountView(accounts.put(await bodyOf(context, accountBody))));
  });

  router.get('/codes', (context) => {
    const codes = signIns.openCodes().map(({ phone, code, sentAt, expiresAt }) => {
      return {
        phone,
        code,
        sent_at: new Date(sentAt).toISOString(),
        expires_at: new Date(expiresAt).toISOString(),
      };
    });
    sendJson(context, codes);
  });

  router.get('/sessions', (context) => {
    const sessions = accounts.all().flatMap((account) =>
      authKeys.signedInAs(account.id).map((authKey) => ({
        hash: hashOfKey(authKey),
        phone: account.phone,
        dc: authKey.dc,
        device: authKey.client?.deviceModel,
        app_version: authKey.client?.appVersion,
        api_id: authKey.client?.apiId,
        created_at: new Date(authKey.createdAt).toISOString(),
        active_at: new Date(authKey.activeAt).toISOString(),
        addresses: [...authKey.addresses.keys()],
      })),
    );
    sendJson(context, sessions);
  });

  router.post('/sessions/revoke', async (context) => {
    revokeSessions(state, await bodyOf(context, revokeBody));
    sendJson(context, { ok: true });
  });

  router.post('/login-tokens/accept', async (context) => {
    const { token: text, phone: number } = await bodyOf(context, acceptBody);
    const account = number === undefined ? accounts.standard : accounts.findPhone(number);
    if (!account)
      throw new Problem('not_found', 'there is no account with this phone number', { field: 'phone' });
    const token = refused(() => {
      const found =
        text === undefined ? signIns.newestToken() : signIns.token(Buffer.from(text, 'base64url'));
      if (found) acceptLoginToken(state, found, account.id);
      return found;
    });
    if (!token) throw new Problem('not_found', 'no login token waits to be accepted', { field: 'token' });
    sendJson(context, { ok: true, phone: account.phone });
  });

  return router;
}

/** An RpcError of `run` as the status 422. */
function refused<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (error instanceof RpcError) throw new Problem('bad_request', error.message, { field: 'token' });
    throw error;
  }
}

/** An account as `GET /accounts` answers it. */
export type AccountJson = Json<ReturnType<typeof accountView>>;

function accountView({ id, phone: number, firstName, dc, password, frozenAt }: Account) {
  const has_password = password !== undefined;
  return { id, phone: number, first_name: firstName, dc, has_password, frozen: frozenAt !== undefined };
}
