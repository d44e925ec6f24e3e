/** What an API method is made of. */
import type { Logger } from 'pino';
import type { Account } from '../world/accounts.ts';
import type { Call } from '../mtproto/call.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject, TlValue } from '../tl/values.ts';
import { codeOf, RpcError } from '../mtproto/rpc-error.ts';

/** What a method works with before anyone is signed in. */
export interface OpenContext {
  state: SandboxState;
  call: Call;
  log: Logger;
}

/** What a method of an account works with. */
export interface MethodContext extends OpenContext {
  account: Account;
  /** Whether a fault takes random_ids that were used before for new ones. */
  forgetsRandomIds?: boolean | undefined;
}

/** One method. Throws RpcError, or rejects with it. */
export type Method = (context: MethodContext, request: TlObject) => TlValue | Promise<TlValue>;

/** Methods by name. */
export type MethodTable = Readonly<Record<string, Method>>;

/** A method that sees its request as the fields that the schema promises. */
export function method<Request extends TlObject>(
  run: (context: MethodContext, request: Request) => TlValue | Promise<TlValue>,
): Method {
  return run as Method;
}

/** The same for a method that needs no account. */
export function openMethod<Request extends TlObject>(
  run: (context: OpenContext, request: Request) => TlValue | Promise<TlValue>,
): Method {
  return run as unknown as Method;
}

/** Methods that always give the same answer. */
export function answering(answers: Readonly<Record<string, TlValue>>): MethodTable {
  return mapped(answers, (answer) => () => answer);
}

/** Methods that are always refused, each with the name of its error. */
export function refusing(errors: Readonly<Record<string, string>>): MethodTable {
  return mapped(errors, (error) => () => {
    throw new RpcError(codeOf(error), error);
  });
}

/** One table of several. Throws where two of them serve the same method. */
export function merged(...tables: readonly MethodTable[]): MethodTable {
  const all: Record<string, Method> = {};
  for (const [name, run] of tables.flatMap((table) => Object.entries(table))) {
    if (all[name]) throw new Error(`${name} is served twice`);
    all[name] = run;
  }
  return all;
}

function mapped<Given>(given: Readonly<Record<string, Given>>, make: (one: Given) => Method): MethodTable {
  return Object.fromEntries(Object.entries(given).map(([name, one]) => [name, make(one)]));
}
