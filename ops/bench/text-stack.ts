/** What texts are measured with: a sandbox and the text gateway, without paces. */
import { join } from 'node:path';
import { startProcess, type Running } from './processes.ts';
import { untilWarm } from './upload-stack.ts';

export interface TextStack {
  readonly sandbox: Running;
  readonly gateway: Running;
  readonly port: number;
  readonly keyFile: string;
  readonly sandboxUrl: string;
  readonly gatewayUrl: string;
  /** Chats that can be written to. */
  readonly chats: readonly string[];
}

export interface TextStackOptions {
  /** Holds all data. */
  readonly folder: string;
  /** Where --cpu-prof writes, if at all. */
  readonly profile: string | undefined;
  /** What is started is pushed here. */
  readonly running: Running[];
}

/** Starts both, and waits until the gateway knows its chats. */
export async function startTextStack({ folder, profile, running }: TextStackOptions): Promise<TextStack> {
  const start = async (name: string, env: Record<string, string>) => {
    const cache = { NODE_COMPILE_CACHE: join(folder, 'compiled') };
    const started = await startProcess(`apps/${name}/main.ts`, { ...cache, ...env }, profile);
    running.push(started);
    return started;
  };
  const sandbox = await start('sandbox', { DATA_DIR: folder, SANDBOX_PORT: '0', SANDBOX_HTTP_PORT: '0' });
  const { port, http_port: httpPort } = sandbox.listening as { port: number; http_port: number };
  const sandboxUrl = `http://127.0.0.1:${httpPort}`;
  const headers = { 'content-type': 'application/json' };
  await fetch(`${sandboxUrl}/world`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ dialogs: 300, users: 50 }),
  });
  const { chats } = (await (await fetch(`${sandboxUrl}/world`)).json()) as {
    chats: { chat_id: string; in_dialogs: boolean; banned: boolean }[];
  };
  const keyFile = join(folder, 'sandbox/public-key.pem');
  const gateway = await start('send-text', {
    PORT: '0',
    DATA_DIR: join(folder, 'gateway'),
    SEND_CONCURRENCY: '128',
    // Paces set the rate by themselves; what the gateway costs shows without them. The gates stay.
    PACE_CHAT_PER_S: '0',
    PACE_GROUP_PER_MIN: '0',
    PACE_ACCOUNT_PER_S: '0',
    TELEGRAM_DC: `127.0.0.1:${port}`,
    TELEGRAM_DC_PUBLIC_KEY_FILE: keyFile,
  });
  const gatewayUrl = `http://127.0.0.1:${gateway.listening.port}`;
  await untilWarm(gatewayUrl);
  return {
    sandbox,
    gateway,
    port,
    keyFile,
    sandboxUrl,
    gatewayUrl,
    chats: chats.filter((chat) => chat.in_dialogs && !chat.banned).map((chat) => chat.chat_id),
  };
}
