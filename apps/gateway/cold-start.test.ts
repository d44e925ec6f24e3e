/** A first start in the middle of an incident: accepting comes before everything, and chats become known page by page. */
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startSandbox, type TestSandbox } from '../testkit/sandbox.ts';
import {
  client,
  fileForm,
  gatewayEnvironment,
  startGatewayProcess,
  startTestGateway,
  type GatewayClient,
} from '../testkit/stack.ts';
import { temporaryFolder } from '../testkit/folder.ts';

const nobody = -1_009_999_999_999;

/** The state of a message. */
const stateOf = async (gateway: GatewayClient, id: unknown) => (await gateway.get(`/messages/${id}`)).body;
const isWhole = async (gateway: GatewayClient) =>
  ((await gateway.get('/stats')).body.cache as { warmed_at: string | null }).warmed_at !== null;
const pagesAsked = async (sandbox: TestSandbox) => (await sandbox.report()).rpc['messages.getDialogs'] ?? 0;

async function textTo(gateway: GatewayClient, target: Record<string, unknown>, text = 'a') {
  const { status, body } = await gateway.post('/send_text', { ...target, text, wait: 0 });
  expect(status).toBe(202);
  return body.id;
}

async function fileTo(gateway: GatewayClient, chatId: string) {
  const form = fileForm(Buffer.from('a'), 'a.bin', { chat_id: chatId, wait: 0 });
  const { status, body } = await gateway.post('/send_media', form);
  expect(status).toBe(202);
  return body.id;
}

/** Starts a gateway process and has it accept a message; tells how long that took. */
async function acceptedBy(name: 'send-text' | 'send-media', env: Record<string, string>, what: string) {
  const startedAt = performance.now();
  const process = startGatewayProcess(name, env);
  const gateway = client(await process.port());
  const id =
    name === 'send-text' ? await textTo(gateway, { chat_id: nobody }) : await fileTo(gateway, String(nobody));
  console.info(`${name}, ${what}: accepted ${Math.round(performance.now() - startedAt)} ms after its start`);
  return { gateway, id };
}

describe.each(['send-text', 'send-media'] as const)('a first start of %s', (name) => {
  it('accepts while Telegram refuses to tell the dialogs', async () => {
    const sandbox = await startSandbox();
    await sandbox.post('/faults', [{ method: 'messages.getDialogs', error: 'FLOOD_WAIT_30' }]);
    const { gateway, id } = await acceptedBy(name, gatewayEnvironment(sandbox, temporaryFolder()), 'flooded');
    await expect.poll(() => gateway.get('/stats')).toMatchObject({ body: { floods: [{}] } });
    expect(await isWhole(gateway)).toBe(false);
    expect(await stateOf(gateway, id)).toMatchObject({ status: 'queued', attempts: 0 });
    expect(await sandbox.report()).toMatchObject({
      rpc: { 'messages.getDialogs': 1 },
      flood_violations: 0,
    });
  });

  it('accepts while there is no Telegram at all', async () => {
    const sandbox = await startSandbox();
    const gone = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => gone.once('listening', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const env = { ...gatewayEnvironment(sandbox, temporaryFolder()), TELEGRAM_DC: `127.0.0.1:${port}` };
    const { gateway, id } = await acceptedBy(name, env, 'without Telegram');
    const health = await gateway.get('/health');
    expect(health).toMatchObject({ status: 503, body: { checks: { authorized: { ok: false } } } });
    expect(await stateOf(gateway, id)).toMatchObject({ status: 'queued', attempts: 0 });
    expect((await sandbox.report()).rpc).toEqual({});
  });
});

describe('while the first walk is under way', () => {
  it('a chat is sent to as soon as its page has come, by both gateways, and others wait', async () => {
    const sandbox = await startSandbox();
    await sandbox.post('/world', { dialogs: 250, users: 20 });
    const targets = await chatsByPage(sandbox);
    // Two pages come, slowly enough for all to be accepted before; then none for longer than this test runs.
    await sandbox.post('/limits', {
      methods: { 'messages.getDialogs': { count: 2, per_seconds: 600, wait_seconds: 600 } },
    });
    await sandbox.post('/faults', [{ method: 'messages.getDialogs', delay_ms: 1_500 }]);
    const dataDir = temporaryFolder();
    const text = await startTestGateway('text', sandbox, dataDir);
    const media = await startTestGateway('media', sandbox, dataDir);
    const texts = await idsOf(targets, (chat_id) => textTo(text, { chat_id }));
    const files = await idsOf(targets, (chatId) => fileTo(media, chatId));
    for (const [gateway, ids] of [
      [text, texts],
      [media, files],
    ] as const) {
      await gateway.untilStatus(ids.first, 'sent');
      await gateway.untilStatus(ids.second, 'sent');
      expect(await isWhole(gateway)).toBe(false);
      expect(await stateOf(gateway, ids.third)).toMatchObject({ status: 'queued', not_before: null });
    }
    const { delivered, flood_violations } = await sandbox.report();
    expect(delivered).toHaveLength(4);
    expect(flood_violations).toBe(0);
  });

  it('a chat that is nowhere waits for the last page, and only then is refused', async () => {
    const sandbox = await startSandbox();
    await sandbox.post('/world', { dialogs: 150, users: 20 });
    await sandbox.post('/faults', [{ method: 'messages.getDialogs', delay_ms: 700 }]);
    const gateway = await startTestGateway('text', sandbox, temporaryFolder());
    const id = await textTo(gateway, { chat_id: nobody });
    await expect.poll(() => pagesAsked(sandbox)).toBeGreaterThanOrEqual(1);
    const before = await stateOf(gateway, id);
    expect({ whole: await isWhole(gateway), ...before }).toMatchObject({ whole: false, status: 'queued' });
    const { body } = await gateway.untilStatus(id, 'failed');
    expect(body).toMatchObject({ class: 'cannot_resolve', attempts: 0 });
    expect(await isWhole(gateway)).toBe(true);
    const late = await gateway.post('/send_text', { chat_id: nobody, text: 'a' });
    expect(late).toMatchObject({ status: 404, body: { class: 'cannot_resolve' } });
  });

  it('messages to a chat by its name and by its id keep their order', async () => {
    const sandbox = await startSandbox();
    const target = '-1003833950795';
    await sandbox.post('/faults', [{ method: 'messages.getDialogs', delay_ms: 1_000, times: 1 }]);
    const gateway = await startTestGateway('text', sandbox, temporaryFolder());
    const texts = ['0', '1', '2', '3', '4', '5', '6', '7'];
    const ids: unknown[] = [];
    for (const [index, text] of texts.entries()) {
      const to = index % 2 === 0 ? { username: 'vestnik_demo' } : { chat_id: target };
      ids.push(await textTo(gateway, to, text));
    }
    expect(await isWhole(gateway)).toBe(false);
    for (const id of ids) await gateway.untilStatus(id, 'sent');
    expect((await sandbox.report()).delivered.map(({ text }) => text)).toEqual(texts);
  });
});

describe('a restart loop', () => {
  it('of both gateways reads every page of the dialogs once, one at a time', async () => {
    const sandbox = await startSandbox();
    await sandbox.post('/world', { dialogs: 450, users: 50 });
    const alone = await startTestGateway('text', sandbox, temporaryFolder());
    await alone.untilWarm();
    await alone.close();
    const pages = await pagesAsked(sandbox);
    expect(pages).toBeGreaterThanOrEqual(5);

    await sandbox.post('/reset', {});
    const dataDir = temporaryFolder();
    const startBoth = () =>
      Promise.all((['text', 'media'] as const).map((name) => startTestGateway(name, sandbox, dataDir)));
    for (let restart = 1; restart <= 5; restart++) {
      const gateways = await startBoth();
      // Stopped in the middle of the walk, a page further each time.
      await expect.poll(() => pagesAsked(sandbox)).toBeGreaterThanOrEqual(Math.min(restart, pages));
      await Promise.all(gateways.map(({ close }) => close()));
    }
    await Promise.all((await startBoth()).map((gateway) => gateway.untilWarm()));
    expect(await pagesAsked(sandbox)).toBe(pages);
  }, 60_000);
});

/** One chat of each of the first three pages of the dialogs, of a kind that takes an access hash. */
async function chatsByPage(sandbox: TestSandbox) {
  const { chats } = await sandbox.get<{ chats: { chat_id: string; kind: string }[] }>('/world');
  const after = (position: number) =>
    chats.slice(position).find(({ kind }) => kind === 'supergroup')!.chat_id;
  return { first: after(40), second: after(140), third: after(225) };
}

async function idsOf<K extends string>(
  targets: Record<K, string>,
  send: (chatId: string) => Promise<unknown>,
) {
  const ids = {} as Record<K, unknown>;
  for (const page of Object.keys(targets) as K[]) ids[page] = await send(targets[page]);
  return ids;
}
