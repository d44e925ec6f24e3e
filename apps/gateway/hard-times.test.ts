/** A gateway whose process is stopped for a while, and one whose folder is removed under it: what was accepted is sent once. */
import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { startSandbox } from '../testkit/sandbox.ts';
import {
  client,
  demoChat,
  gatewayEnvironment,
  startGatewayProcess,
  type GatewayClient,
} from '../testkit/stack.ts';
import { until } from '../testkit/until.ts';

const count = 400;
const texts = Array.from({ length: count }, (_, n) => `text ${n}`);

async function startBusy() {
  const sandbox = await startSandbox();
  const folder = temporaryFolder();
  const running = startGatewayProcess('send-text', gatewayEnvironment(sandbox, folder));
  const gateway = client(await running.port());
  await gateway.untilWarm();
  await gateway.post('/pause');
  for (const text of texts) await accept(gateway, text);
  await gateway.post('/resume');
  await sandbox.untilReport(({ delivered }) => delivered.length >= 20);
  return { sandbox, folder, running, gateway };
}

async function accept(gateway: GatewayClient, text: string): Promise<void> {
  expect((await gateway.post('/send', { chat_id: demoChat, text, wait: 0 })).status).toBe(202);
}

it(
  'a process that is stopped, and cut off meanwhile, goes on where it was',
  { timeout: 120_000 },
  async () => {
    const { sandbox, running, gateway } = await startBusy();
    process.kill(running.pid, 'SIGSTOP');
    await sandbox.post('/schedule', { steps: [{ after_seconds: 2, cut: true }] });
    await until('its connections are cut', async () => {
      const { steps } = await sandbox.get<{ steps: { state: string }[] }>('/schedule');
      return steps.every(({ state }) => state === 'done');
    });
    process.kill(running.pid, 'SIGCONT');
    await gateway.untilSettled(90_000);
    expect((await sandbox.report()).delivered.map(({ text }) => text)).toEqual(texts);
  },
);

it('a folder that is removed loses nothing that was accepted', { timeout: 120_000 }, async () => {
  const { sandbox, folder, gateway } = await startBusy();
  rmSync(folder, { recursive: true });
  const refused = await gateway.post('/send', { chat_id: demoChat, text: 'too late', wait: 0 });
  expect(refused).toMatchObject({ status: 503, body: { class: 'storage_failed', retryable: true } });
  const { status, body } = await gateway.get('/health');
  expect({ status, reasons: body.reasons }).toMatchObject({
    status: 503,
    reasons: [expect.stringContaining('DATA_DIR/spool is gone')],
  });
  await sandbox.untilReport(({ delivered }) => delivered.length >= count);
  expect((await sandbox.report()).delivered.map(({ text }) => text)).toEqual(texts);
});
