/**
 * The layers that clients may announce, and what each has otherwise than the schema. Only what this server reads or writes
 * stands here. Left out are reply markups, drafts of bots and rich pages: no user account sends them.
 */

/** The first and the last layer that is served. No library ever announced 226: it counts as 225. */
export const oldestLayer = 225;
export const newestLayer = 232;

/** A constructor or a method as some layers have it. Reading takes every number, whichever layer the client announced. */
export interface Variant {
  name: string;
  id: number;
  /** The first and the last of the layers that have it so. */
  layers: readonly [first: number, last: number];
  /** Fields of the schema that it lacks: they are read as absent, and not written. */
  without?: readonly string[];
  /** Fields that it has beyond those of the schema, after them, as a line of TL. */
  with?: string;
}

export const variants: readonly Variant[] = [
  { name: 'user', id: 0x31774388, layers: [225, 227], without: ['linkedCommunityId'] },
  { name: 'channel', id: 0x1c32b11c, layers: [225, 227], without: ['linkedCommunityId'] },
  { name: 'channel', id: 0x7ad15240, layers: [232, 232], with: 'pinnedMsgId:flags2.22?int' },
  { name: 'channelFull', id: 0xe4e0b29d, layers: [225, 226], without: ['guardBotId'] },
  { name: 'channelFull', id: 0xc4c4dd40, layers: [232, 232], with: 'shareTheme:flags2.25?ShareTheme' },
  {
    name: 'userFull',
    id: 0xb90c2afd,
    layers: [232, 232],
    with: 'walletCard:flags2.19?wallet.Card shareTheme:flags2.27?ShareTheme',
  },
  { name: 'message', id: 0x95ef6f2b, layers: [225, 226], without: ['richMessage'] },
  {
    name: 'messageReplyHeader',
    id: 0xddb5ab75,
    layers: [232, 232],
    with: 'quoteRich:flags.14?Vector<RichText>',
  },
  { name: 'draftMessage', id: 0x96eaa5eb, layers: [225, 226], without: ['richMessage'] },
  {
    name: 'inputReplyToMessage',
    id: 0x75c1ad70,
    layers: [232, 232],
    with: 'quoteRich:flags.8?Vector<RichText>',
  },
  { name: 'messages.sendMessage', id: 0x545cd15a, layers: [225, 226], without: ['richMessage'] },
  { name: 'messages.editMessage', id: 0x51e842e1, layers: [225, 226], without: ['richMessage'] },
  { name: 'messages.saveDraft', id: 0x54ae308e, layers: [225, 226], without: ['richMessage'] },
  { name: 'messages.searchGlobal', id: 0x4bc6589a, layers: [225, 227], without: ['community'] },
  { name: 'contacts.search', id: 0x11f812d8, layers: [225, 226], without: ['flags', 'broadcasts', 'bots'] },
  { name: 'channels.joinChannel', id: 0x24b524c5, layers: [225, 226] },
  { name: 'messages.importChatInvite', id: 0x6c50051c, layers: [225, 226] },
];

/** Constructors that these layers do not have: one of their fields is written in their place. */
export const unwrapped: readonly {
  name: string;
  layers: readonly [first: number, last: number];
  field: string;
}[] = [{ name: 'messages.chatInviteJoinResultOk', layers: [225, 226], field: 'updates' }];

/** Whether a client may announce this layer. */
export function isServed(layer: number): boolean {
  return layer >= oldestLayer && layer <= newestLayer;
}
