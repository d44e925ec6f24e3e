/** The paces of an account. Each may be switched off with 0; the waits that Telegram announces are kept all the same. */
import * as setting from '../../kit/config.ts';

export const pacingSettings = {
  PACE_CHAT_PER_S: setting.number(1, 0, 1000, 'messages a second to one chat (0 for no pace),'),
  PACE_GROUP_PER_MIN: setting.integer(
    20,
    0,
    1000,
    'messages a minute to one group or channel (0 for no pace)',
  ),
  PACE_ACCOUNT_PER_S: setting.number(
    20,
    0,
    1000,
    'messages a second of the account at most (0 for no pace),',
  ),
  STRANGERS_PER_DAY: setting.integer(
    0,
    0,
    10_000,
    'first messages a day to people who are not contacts (0 for any number)',
  ),
};
