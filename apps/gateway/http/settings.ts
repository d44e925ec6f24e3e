/** The settings of the HTTP side: who may call, how much, and what is logged of it. */
import * as setting from '../../kit/config.ts';
import { proxiesSetting } from '../../kit/proxies.ts';
import { tokensSetting } from '../../kit/tokens.ts';

export const httpSettings = {
  API_TOKENS: tokensSetting,
  METRICS_OPEN: setting.flag(false),
  TRUSTED_PROXIES: proxiesSetting,
  RATE_LIMIT_PER_S: setting.number(
    0,
    0,
    100_000,
    'requests a second for each token or address, 0 for no limit,',
  ),
  BODY_MEMORY_MB: setting.integer(
    0,
    0,
    1_000_000,
    'MB for all request bodies being read, 0 for a quarter of the memory that the process may have,',
  ),
  ACCESS_LOG: setting.flag(true),
  LOG_TEXTS: setting.flag(false),
};
