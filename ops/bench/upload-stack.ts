/** What uploads are measured with: a sandbox, both gateways, and a server that files are fetched from. */
import { join } from 'node:path';
import { until } from '../../apps/testkit/until.ts';
import { startProcess, type Running } from './processes.ts';
import { benchText } from './texts.ts';
import type { UploadsOptions } from './uploads.ts';

export interface Stack {
  readonly sandbox: Running;
  readonly media: Running;
  readonly port: number;
  readonly keyFile: string;
  readonly mediaUrl: string;
  readonly sandboxUrl: string;
  readonly filesUrl: string;
  /** Arguments of probe.ts that send a text to the account itself through the other gateway. */
  readonly textProbe: readonly string[];
  readonly chats: readonly string[];
}

/** Starts it all with data in `folder`, files coming from `files`. */
export async function startStack(
  folder: string,
  files: string,
  { profile, running }: Pick<UploadsOptions, 'profile' | 'running'>,
): Promise<Stack> {
  const start = async (script: string, env: Record<string, string>) => {
    const cache = { NODE_COMPILE_CACHE: join(folder, 'compiled') };
    const started = await startProcess(script, { ...cache, ...env }, profile);
    running.push(started);
    return started;
  };
  const sandbox = await start('apps/sandbox/main.ts', {
    DATA_DIR: join(folder, 'uploads'),
    SANDBOX_PORT: '0',
    SANDBOX_HTTP_PORT: '0',
  });
  const { port, http_port: httpPort } = sandbox.listening as { port: number; http_port: number };
  const world = `http://127.0.0.1:${httpPort}/world`;
  const headers = { 'content-type': 'application/json' };
  await fetch(world, { method: 'POST', headers, body: JSON.stringify({ dialogs: 40, users: 10 }) });
  const { chats } = (await (await fetch(world)).json()) as {
    chats: { chat_id: string; in_dialogs: boolean; banned: boolean }[];
  };
  const keyFile = join(folder, 'uploads/sandbox/public-key.pem');
  const common = {
    PORT: '0',
    PACE_CHAT_PER_S: '0',
    PACE_GROUP_PER_MIN: '0',
    PACE_ACCOUNT_PER_S: '0',
    TELEGRAM_DC: `127.0.0.1:${port}`,
    TELEGRAM_DC_PUBLIC_KEY_FILE: keyFile,
    MEDIA_ROOT: files,
    ALLOW_PRIVATE_URLS: 'true',
    ACCESS_LOG: 'false',
  };
  const media = await start('apps/send-media/main.ts', { ...common, DATA_DIR: join(folder, 'media') });
  const text = await start('apps/send-text/main.ts', { ...common, DATA_DIR: join(folder, 'text') });
  const server = await start('ops/bench/file-server.ts', { FOLDER: files });
  const at = (process: Running) => `http://127.0.0.1:${process.listening.port}`;
  await untilWarm(at(media));
  await untilWarm(at(text));
  return {
    sandbox,
    media,
    port,
    keyFile,
    mediaUrl: at(media),
    sandboxUrl: `http://127.0.0.1:${httpPort}`,
    filesUrl: at(server),
    textProbe: [`${at(text)}/send_text`, JSON.stringify({ chat_id: 'me', text: benchText })],
    chats: chats.filter((chat) => chat.in_dialogs && !chat.banned).map((chat) => chat.chat_id),
  };
}

/** Waits until a gateway has walked its dialogs, at most 30 s. */
export async function untilWarm(url: string): Promise<void> {
  const health = async () => (await fetch(`${url}/health`)).json() as Promise<Health>;
  await until('the gateway is warm', async () => (await health()).checks.cache.ok, 30_000);
}

interface Health {
  readonly checks: { readonly cache: { readonly ok: boolean } };
}
