/** For tests: the command in this process, with time that does not have to pass, and what it left in the sandbox. */
import { systemClock, type Clock } from '../../../kit/clock.ts';
import { temporaryFolder } from '../../../testkit/folder.ts';
import type { Report } from '../../../testkit/report.ts';
import type { TestSandbox } from '../../../testkit/sandbox.ts';
import { gatewayEnvironment } from '../../../testkit/stack.ts';
import { verifyAccount } from '../verify-account.ts';

/** What the command did: its exit code, all it said, and the rows of its table by their claims. */
export interface Verified {
  readonly code: number;
  readonly output: string;
  readonly rows: ReadonlyMap<string, { readonly answer: string; readonly agrees: string }>;
}

/** Runs it for an owner who agreed, with the sessions in `dataDir`. */
export async function verify(sandbox: TestSandbox, dataDir = temporaryFolder()): Promise<Verified> {
  const said: string[] = [];
  const code = await verifyAccount({
    env: gatewayEnvironment(sandbox, dataDir),
    terminal: {
      say: (text) => void said.push(text),
      ask: () => Promise.reject(new Error()),
      close: () => {},
    },
    isAgreed: true,
    clock: hurriedClock(),
    interrupted: new AbortController().signal,
    onProgress: () => {},
  });
  const output = said.join('\n');
  const cells = output.matchAll(/^\| (.*?) \| (.*?) \| (yes|no|not offered|not reached) \|$/gm);
  const rows = new Map(
    [...cells].map(([, claim, answer, agrees]) => [claim!, { answer: answer!, agrees: agrees! }]),
  );
  return { code, output, rows };
}

/** How many sends the sandbox was asked for. */
export function sendsIn({ rpc }: Report): number {
  return ['sendMessage', 'sendMedia', 'sendMultiMedia'].reduce(
    (sum, name) => sum + (rpc[`messages.${name}`] ?? 0),
    0,
  );
}

/** The texts of the messages that are still in Saved Messages of an account, sent or scheduled. */
export async function leftIn(sandbox: TestSandbox, accountId: string): Promise<string[]> {
  interface Shown {
    readonly messages: readonly { readonly text: string; readonly deleted?: boolean }[];
  }
  const { messages } = await sandbox.get<Shown>(`/api/chats/${accountId}/messages?account=${accountId}`);
  const scheduled = await sandbox.get<readonly { readonly text: string }[]>('/scheduled');
  return [...messages.filter(({ deleted }) => !deleted), ...scheduled].map(({ text }) => text);
}

/** Sleepers wake at once, and it is so much later then. */
function hurriedClock(): Clock {
  let aheadMs = 0;
  return {
    ...systemClock,
    now: () => Date.now() + aheadMs,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      aheadMs += Math.max(0, ms);
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
}
