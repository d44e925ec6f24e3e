import { Api } from 'telegram/tl/index.js';
import { expect, it } from 'vitest';
import { startSandbox } from '../../testkit/sandbox.ts';

it('lists the reactions with icons that can be downloaded, and says when the list is known', async () => {
  const sandbox = await startSandbox();
  const client = await sandbox.connect();
  const ask = (hash: number) =>
    client.call<Api.messages.TypeAvailableReactions>(new Api.messages.GetAvailableReactions({ hash }));
  const { hash, reactions } = (await ask(0)) as Api.messages.AvailableReactions;
  expect(reactions.map(({ reaction }) => reaction)).toContain('👍');
  const { staticIcon, activateAnimation } = reactions[0]!;
  for (const icon of [staticIcon, activateAnimation] as Api.Document[]) {
    const { id, accessHash, fileReference } = icon;
    const location = new Api.InputDocumentFileLocation({ id, accessHash, fileReference, thumbSize: '' });
    const file = await client.call<Api.upload.File>(
      new Api.upload.GetFile({ location, offset: 0n as never, limit: 4096 }),
    );
    expect(file.bytes.length).toBe(Number(icon.size));
  }
  expect((await ask(hash)).className).toBe('messages.AvailableReactionsNotModified');
});

it('lets every chat be reacted in', async () => {
  const sandbox = await startSandbox();
  const client = await sandbox.connect();
  const { fullChat } = await client.call<Api.messages.ChatFull>(
    new Api.messages.GetFullChat({ chatId: 4021n as never }),
  );
  expect(fullChat).toMatchObject({ availableReactions: { className: 'ChatReactionsAll' } });
});
