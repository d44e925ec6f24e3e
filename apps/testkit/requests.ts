/** For tests: requests of the client library that more than one test makes. */
import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import type { TestClient } from './library-client.ts';

const PART_BYTES = 512 * 1024;
let lastFileId = 1000;

/** A PNG of one pixel. */
export const ONE_PIXEL_PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** messages.sendMessage. */
export function sendText(
  peer: Api.TypeInputPeer,
  message: string,
  randomId?: unknown,
): Api.messages.SendMessage {
  return new Api.messages.SendMessage({ peer, message, randomId } as ConstructorParameters<
    typeof Api.messages.SendMessage
  >[0]);
}

/** The input peer of a peer that is in an answer. */
export function peerFor(
  { users, chats }: { users: Api.TypeUser[]; chats: Api.TypeChat[] },
  peer: Api.TypePeer,
): Api.TypeInputPeer {
  if (peer instanceof Api.PeerUser) {
    const user = users.find(({ id }) => id.equals(peer.userId)) as Api.User;
    return new Api.InputPeerUser({ userId: user.id, accessHash: user.accessHash! });
  }
  if (peer instanceof Api.PeerChat) return new Api.InputPeerChat({ chatId: peer.chatId });
  const channel = chats.find(({ id }) => id.equals(peer.channelId)) as Api.Channel;
  return new Api.InputPeerChannel({ channelId: channel.id, accessHash: channel.accessHash! });
}

/** The input peer of a username, with its hash. */
export async function peerNamed(client: TestClient, username: string): Promise<Api.TypeInputPeer> {
  const request = new Api.contacts.ResolveUsername({ username });
  const found = await client.call<Api.contacts.ResolvedPeer>(request);
  return peerFor(found, found.peer);
}

/** The input peer of the demo supergroup. */
export function demoPeer(client: TestClient): Promise<Api.TypeInputPeer> {
  return peerNamed(client, 'vestnik_demo');
}

/** Uploads bytes as saveBigFilePart does, in the given order of parts; parts left out of it stay missing. */
export async function uploadAll(
  client: TestClient,
  content: Buffer,
  name: string,
  { order }: { order?: number[] } = {},
): Promise<Api.InputFileBig> {
  const id = returnBigInt(++lastFileId);
  const parts = Math.ceil(content.length / PART_BYTES);
  const all = Array.from({ length: parts }, (_, index) => index);
  const sends = (order ?? all).map((filePart) => {
    const bytes = content.subarray(filePart * PART_BYTES, (filePart + 1) * PART_BYTES);
    return client.call(
      new Api.upload.SaveBigFilePart({ fileId: id, filePart, fileTotalParts: parts, bytes }),
    );
  });
  await Promise.all(sends);
  return new Api.InputFileBig({ id, parts, name });
}
