/** PERSISTENT_TIMESTAMP_OUTDATED answers those who ask for updates: a gateway never does, so it never meets it. */
import { expect, it } from 'vitest';
import { startSandbox } from '../../testkit/sandbox.ts';
import { demoChat, fileForm, startTestGateway } from '../../testkit/stack.ts';
import { temporaryFolder } from '../../testkit/folder.ts';

const ofUpdates = ['updates.getState', 'updates.getDifference', 'updates.getChannelDifference'];

it('asks for no update while both gateways start, walk, send, lose the connection and send again', async () => {
  const sandbox = await startSandbox();
  const refuseUpdates = ofUpdates.map((method) => ({ method, error: 'PERSISTENT_TIMESTAMP_OUTDATED' }));
  await sandbox.post('/faults', refuseUpdates);
  const dataDir = temporaryFolder();
  const text = await startTestGateway('text', sandbox, dataDir);
  const media = await startTestGateway('media', sandbox, dataDir);
  await Promise.all([text, media].map((gateway) => gateway.untilWarm()));
  const sendBoth = async (name: string) => {
    const form = fileForm(Buffer.from(name), name, { chat_id: demoChat });
    const answers = await Promise.all([
      text.post('/send_text', { chat_id: demoChat, text: name }),
      media.post('/send_media', form),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  };
  await sendBoth('first');
  // Others write meanwhile, which is what a client would want to be told of.
  await sandbox.post('/incoming', { chat_id: demoChat, text: 'hello' });
  const cuts = ['messages.sendMessage', 'messages.sendMedia'].map((method) => ({
    method,
    drop: 'after',
    times: 1,
  }));
  await sandbox.post('/faults', [...cuts, ...refuseUpdates]);
  await sendBoth('second');
  await sandbox.untilReport(({ rpc }) => rpc['users.getUsers']! >= 4);
  await sendBoth('third');

  const { rpc, delivered } = await sandbox.report();
  expect(Object.keys(rpc).filter((method) => method.startsWith('updates.'))).toEqual([]);
  expect(delivered.map(({ text: said, media: file }) => file?.name ?? said).sort()).toEqual([
    'first',
    'first',
    'second',
    'second',
    'third',
    'third',
  ]);
});
