/** The settings of the monitor. */
import { number, port, readConfig, secret, text, type Config } from '../kit/config.ts';
import type { Environment } from '../kit/environment.ts';
import { hostsSetting } from '../kit/guard.ts';
import { logLevelSetting } from '../kit/log.ts';
import { networksSetting, proxiesSetting } from '../kit/proxies.ts';
import { hashPattern } from './access/passwords.ts';
import { servicesSetting, webAddress } from './model/services.ts';
import { supervisorHandles, supervisorSettings } from './supervisors/choose.ts';

/** One table for the monitor. */
export const monitorSettings = {
  MONITOR_HOST: text('127.0.0.1', 'an address to listen on, such as 127.0.0.1'),
  MONITOR_PORT: port(5099),
  MONITOR_USER: text('admin', 'a name without a colon, such as admin', /^[^:]+$/),
  MONITOR_PASSWORD_HASH: secret(
    'a hash made by `npm exec -- node apps/monitor/hash-password.ts`',
    hashPattern,
  ),
  ALLOWED_ADDRESSES: networksSetting,
  TRUSTED_PROXIES: proxiesSetting,
  ALLOWED_HOSTS: hostsSetting,
  ...supervisorSettings,
  SERVICES: servicesSetting(supervisorHandles),
  GATEWAY_TOKEN: secret('a token of the gateways that may read and control them'),
  INBOX_URL: webAddress('http://127.0.0.1:4431'),
  HEALTH_INTERVAL_S: number(60, 0.05, 3600, 'seconds'),
  HEALTH_TIMEOUT_S: number(10, 0.05, 60, 'seconds'),
  USAGE_INTERVAL_S: number(10, 0.05, 3600, 'seconds'),
  START_SPACING_S: number(60, 0, 3600, 'seconds'),
  CLEAR_FLOOD_WAIT_S: number(300, 0, 86_400, 'seconds'),
  CLOCK_REFERENCE_URL: text(
    'https://telegram.org',
    'an http(s) address, such as https://telegram.org, or none',
    /^(none|https?:\/\/[^\s/]+\S*)$/,
  ),
  ALERT_WEBHOOK_URL: secret('an http(s) address', /^https?:\/\/[^\s/]+\S*$/),
  DATA_DIR: text('./data', 'a folder'),
  LOG_LEVEL: logLevelSetting,
};

export type MonitorConfig = Config<typeof monitorSettings>;

/** @throws ConfigError naming every setting that is wrong */
export function readMonitorConfig(env: Environment): MonitorConfig {
  return readConfig(monitorSettings, env, 'MONITOR');
}
