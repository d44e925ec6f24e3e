/**
 * What clients of an older layer number otherwise. Only constructors that this server writes or reads stand here; each has
 * the fields of today's, but for optional ones that are never set for such a client.
 */

/** The newest layer that these numbers hold for. */
export const OLDER_LAYER = 227;

/** Today's name, and the number that it had. */
export const OLDER_IDS: ReadonlyMap<string, number> = new Map([
  ['user', 0x31774388],
  ['channel', 0x1c32b11c],
]);

/** Methods that are gone from the schema, but that such clients still call. */
export const OLDER_METHODS: readonly string[] = [
  'channels.getForumTopics#0de560d1 flags:# channel:InputChannel q:flags.0?string offsetDate:int offsetId:int offsetTopic:int limit:int',
  'channels.createForumTopic#f40c0224 flags:# channel:InputChannel title:string iconColor:flags.0?int iconEmojiId:flags.3?long randomId:long sendAs:flags.2?InputPeer',
  'channels.deleteTopicHistory#34435f2d channel:InputChannel topMsgId:int',
  'channels.getForumTopicsByID#b0831eb9 channel:InputChannel topics:Vector<int>',
];
