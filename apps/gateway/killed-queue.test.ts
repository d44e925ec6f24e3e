/** A long queue whose gateway is killed in the midst of sending it, twice: all of it is sent once, each chat in order. */
import { expect, it } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { startSandbox } from '../testkit/sandbox.ts';
import { client, gatewayEnvironment, startGatewayProcess } from '../testkit/stack.ts';

const count = 2_000;
const killedAfter = [100, 800];

it(`sends ${count} queued messages once, though it is killed twice`, { timeout: 240_000 }, async () => {
  const sandbox = await startSandbox();
  const env = gatewayEnvironment(sandbox, temporaryFolder());
  const { chats } = await sandbox.get<{ chats: { chat_id: string; kind: string }[] }>('/world');
  const targets = chats
    .filter(({ kind }) => kind === 'supergroup')
    .slice(0, 5)
    .map(({ chat_id }) => chat_id);
  let running = startGatewayProcess('send-text', env);
  let gateway = client(await running.port());
  await gateway.untilWarm();
  await gateway.post('/pause');
  for (let sent = 0; sent < count; sent += targets.length) {
    const send = (chat_id: string) => gateway.post('/send', { chat_id, text: `text ${sent}`, wait: 0 });
    for (const { status } of await Promise.all(targets.map(send))) expect(status).toBe(202);
  }
  await gateway.post('/resume');
  for (const enough of killedAfter) {
    await sandbox.untilReport(({ delivered }) => delivered.length >= enough);
    expect(await running.stop('SIGKILL')).toBe('SIGKILL');
    running = startGatewayProcess('send-text', env);
    gateway = client(await running.port());
  }
  await gateway.untilSettled(120_000);
  const { delivered } = await sandbox.report();
  const texts = Array.from(
    { length: count / targets.length },
    (_, index) => `text ${index * targets.length}`,
  );
  for (const target of targets)
    expect(delivered.filter(({ chat_id }) => chat_id === target).map(({ text }) => text)).toEqual(texts);
  expect(delivered).toHaveLength(count);
});
