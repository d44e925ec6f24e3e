/** Opens the monitor: settings, password, supervisor, watcher, page. */
import { join } from 'node:path';
import { listen } from '../kit/app.ts';
import { systemClock, type Clock } from '../kit/clock.ts';
import type { Environment } from '../kit/environment.ts';
import { EventStreams } from '../kit/event-stream.ts';
import { createLogger, type Logger } from '../kit/log.ts';
import { createRegistry } from '../kit/metrics.ts';
import type { Release } from '../kit/release.ts';
import { keptPassword, tellPassword } from './access/passwords.ts';
import { createMonitorApp } from './app.ts';
import { Audit } from './files/audit.ts';
import { dashboardFiles } from './http/dashboard-files.ts';
import { everyLine } from './logs/log-rows.ts';
import { Logs } from './logs/logs.ts';
import { readMonitorConfig, type MonitorConfig } from './settings.ts';
import { chooseSupervisor } from './supervisors/choose.ts';
import { openMonitoring, startMonitoring } from './monitoring.ts';

/** Starts the monitor as this process; what it opens is pushed to `release`. */
export async function startMonitor(
  env: Environment,
  release: Release,
  clock: Clock = systemClock,
): Promise<{ log: Logger; port: number }> {
  const config = readMonitorConfig(env);
  const log = createLogger('monitor', config.LOG_LEVEL);
  const registry = createRegistry();
  const dir = join(config.DATA_DIR, 'monitor');
  const [passwordHash, supervisor, audit] = await Promise.all([
    passwordHashOf(config, dir),
    chooseSupervisor(config),
    Audit.open(join(dir, 'audit.jsonl'), log),
  ]);
  const services = config.SERVICES;
  const logs = new Logs({ file: join(dir, 'logs.sqlite'), supervisor, services, clock, log });
  release.push('logs', () => logs.close());
  const monitoring = {
    config,
    dir,
    supervisor,
    audit,
    registry,
    clock,
    log,
    loggedErrors: logs.errorsOf,
    unreadLines: logs.whyUnread,
  };
  const opened = await openMonitoring(monitoring);
  const streams = new EventStreams({ clock, tooMany: 'pages look already' });
  const logStreams = new EventStreams({ clock, tooMany: 'pages follow the lines already' });
  const app = createMonitorApp({
    log,
    clock,
    access: { user: config.MONITOR_USER, passwordHash },
    addresses: config.ALLOWED_ADDRESSES,
    proxies: config.TRUSTED_PROXIES,
    host: config.MONITOR_HOST,
    allowedHosts: config.ALLOWED_HOSTS,
    ...opened,
    diagnostics: {
      watched: opened.watched,
      supervisor,
      clock,
      restartsOf: (service, withinMs) => opened.watcher.restartsOf(service, withinMs),
      readErrors: (service, limit) => logs.store.newest({ ...everyLine, services: [service] }, limit, null),
      dataDir: config.DATA_DIR,
      clockReference: config.CLOCK_REFERENCE_URL === 'none' ? undefined : config.CLOCK_REFERENCE_URL,
    },
    audit,
    streams,
    logs,
    logStreams,
    registry,
    inboxUrl: config.INBOX_URL,
    dashboard: dashboardFiles(),
  });
  const listening = await listen(app, config.MONITOR_HOST, config.MONITOR_PORT, 'MONITOR_PORT');
  release.push('http', () => listening.close());
  release.push('streams', () => streams.endAll());
  release.push('streams of lines', () => logStreams.endAll());
  startMonitoring(opened, monitoring, release);
  const { port } = listening;
  log.info({ host: config.MONITOR_HOST, port, supervisor: supervisor.kind }, 'listening');
  return { log, port };
}

async function passwordHashOf(config: MonitorConfig, dir: string): Promise<string> {
  if (config.MONITOR_PASSWORD_HASH) return config.MONITOR_PASSWORD_HASH;
  const { hash, made } = await keptPassword(dir);
  if (made !== undefined) tellPassword(config.MONITOR_USER, made);
  return hash;
}
