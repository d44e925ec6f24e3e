/** The world that the recorded data was sent in, and what was sent where. */

/** POST /world of the sandbox. */
export const world = {
  dialogs: 12,
  users: 4,
  banned: ['-1002200000021'],
  unknown: ['6200000777'],
  slow_mode: { '-1002200000031': 0 },
  usernames: { vestnik_stranger: '6200000777' },
};

/** Marked ids, by what became of the messages there. */
export const chats = {
  sent: '-1003833950795',
  called: '-4021',
  scheduled: '-1002200000012',
  banned: '-1002200000021',
  gated: '-1002200000031',
  flying: '-1002200000011',
};

/** The host of the callback as it is recorded: a test puts its own there. */
export const callbackHost = 'callbacks.example';

/** A made-up CALLBACK_SECRET. */
export const secret = `whsec_${Buffer.alloc(32, 'vestnik').toString('base64')}`;
