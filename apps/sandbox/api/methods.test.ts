import { beforeAll, describe, expect, it } from 'vitest';
import { anyRequest } from '../../testkit/any-request.ts';
import type { TestClient } from '../../testkit/library-client.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { shared } from '../../testkit/when-done.ts';
import { methodsByName } from '../tl/schema.ts';
import { emptyAccount } from './empty/account.ts';
import { emptyHelp } from './empty/help.ts';
import { emptyMessages } from './empty/messages.ts';
import { emptyOthers } from './empty/others.ts';
import { refusals } from './empty/refusals.ts';
import { emptyStickers } from './empty/stickers.ts';
import { methods } from './methods.ts';

let sandbox: TestSandbox;
let client: TestClient;
beforeAll(
  shared(async (whenDone) => {
    sandbox = await startSandbox({}, whenDone);
    client = await sandbox.connect();
  }),
);

describe('a method that has nothing to show', () => {
  const tables = { ...emptyAccount, ...emptyHelp, ...emptyMessages, ...emptyOthers, ...emptyStickers };

  it.each(Object.keys(tables))('%s answers with the type that the schema promises', async (name) => {
    const request = anyRequest(name);
    const answer = await client.callBare<unknown>(request);
    if (Array.isArray(answer)) expect(answer).toHaveLength((tables[name] as []).length);
    else if (typeof answer === 'boolean') expect(answer).toBe(tables[name]);
    else expect(answer).toMatchObject({ SUBCLASS_OF_ID: request.SUBCLASS_OF_ID });
  });

  it.each(Object.entries(refusals))('%s is refused as %s', async (name, errorMessage) => {
    await expect(client.callBare(anyRequest(name))).rejects.toMatchObject({ errorMessage });
  });
});

it('every method that is served is in the schema', () => {
  expect(Object.keys(methods).filter((name) => !methodsByName.has(name))).toEqual([]);
});

it('a method that is missing is reported by its own name, whatever it is wrapped in', async () => {
  await expect(client.call(anyRequest('account.deleteAccount'))).rejects.toMatchObject({
    errorMessage: 'METHOD_INVALID',
  });
  expect((await sandbox.report()).missing_methods).toEqual({ 'account.deleteAccount': 1 });
});
