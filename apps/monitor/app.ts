/** The monitor's HTTP interface, in the order in which a request passes it. */
import Router from '@koa/router';
import type Koa from 'koa';
import type { Middleware } from 'koa';
import type { Registry } from 'prom-client';
import { createApp } from '../kit/app.ts';
import type { Clock } from '../kit/clock.ts';
import type { EventStreams } from '../kit/event-stream.ts';
import { knownHosts, sameSite } from '../kit/guard.ts';
import type { Logger } from '../kit/log.ts';
import { onlyTheirMethods } from '../kit/methods.ts';
import { createOriginOf } from '../kit/proxies.ts';
import { version } from '../kit/version.ts';
import { allowedAddresses, seenAddress } from './access/addresses.ts';
import { basicAuthentication, type Access } from './access/basic-authentication.ts';
import type { Audit } from './files/audit.ts';
import type { DiagnosticsDeps } from './diagnostics/checks.ts';
import type { CheckHistory } from './health/history.ts';
import type { Usage } from './health/sampler.ts';
import type { Watched, Watcher } from './health/watcher.ts';
import { routeDiagnostics } from './http/diagnostics.ts';
import { routeHealthHistory } from './http/health-history.ts';
import { routeMessages } from './http/messages.ts';
import { routeProcedures } from './http/procedures.ts';
import { routeLogs } from './http/logs.ts';
import { tellUnrecorded } from './http/recorded.ts';
import { routeServices } from './http/services.ts';
import { routeStream } from './http/stream.ts';
import type { Logs } from './logs/logs.ts';
import type { MonitorMetrics } from './model/metrics.ts';
import type { ClearFloodWait } from './procedures/clear-flood-wait.ts';
import type { Control } from './procedures/control.ts';

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Every answer lets the browser run our own files alone, show us in no frame, and guess no types. */
const securityHeaders: Middleware = async (ctx, next) => {
  ctx.set({
    'Content-Security-Policy': policy,
    'X-Frame-Options': 'DENY',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
  });
  await next();
};

export interface MonitorAppDeps {
  readonly log: Logger;
  readonly clock: Clock;
  readonly access: Access;
  /** Addresses and networks that may ask; empty for any. */
  readonly addresses: readonly string[];
  /** Reverse proxies whose word counts on where a request comes from. */
  readonly proxies: readonly string[];
  /** The address it listens on. */
  readonly host: string;
  /** Names under which the page may be opened, beside those of this machine. */
  readonly allowedHosts: readonly string[];
  readonly watched: readonly Watched[];
  readonly control: Control;
  readonly procedure: ClearFloodWait;
  readonly watcher: Watcher;
  readonly history: CheckHistory;
  readonly usage: Usage;
  readonly diagnostics: DiagnosticsDeps;
  readonly audit: Audit;
  readonly streams: EventStreams;
  readonly logs: Logs;
  readonly logStreams: EventStreams;
  readonly registry: Registry;
  readonly metrics: MonitorMetrics;
  readonly inboxUrl: string;
  /** Serves the page itself. */
  readonly dashboard: Middleware;
}

export function createMonitorApp(deps: MonitorAppDeps): Koa {
  const { log, clock, metrics, registry } = deps;
  const now = () => clock.now();

  const open = new Router();
  open.get('/health', (ctx) => {
    ctx.body = { status: 'ok', version };
  });
  open.get('/metrics', async (ctx) => {
    ctx.type = registry.contentType;
    ctx.body = await registry.metrics();
  });

  const guarded = new Router();
  routeServices(guarded, { ...deps, now });
  routeMessages(guarded, { ...deps, now });
  routeProcedures(guarded, { ...deps, now });
  routeDiagnostics(guarded, deps.diagnostics);
  routeHealthHistory(guarded, { ...deps, now });
  routeLogs(guarded, { ...deps, services: deps.watched.map(({ service }) => service) });
  const page = { inbox_url: deps.inboxUrl, version };
  routeStream(guarded, { ...deps, page, now });

  const originOf = createOriginOf(deps.proxies);
  const app = createApp({ log, originOf, onAnswer: (route, code) => metrics.answered(route, code) });
  app.use(securityHeaders);
  app.use(seenAddress(originOf));
  app.use(knownHosts(deps.host, deps.allowedHosts));
  app.use(onlyTheirMethods(open));
  app.use(open.routes());
  app.use(allowedAddresses(deps.addresses));
  app.use(basicAuthentication(deps.access, clock));
  app.use(sameSite);
  app.use(tellUnrecorded);
  app.use(onlyTheirMethods(guarded));
  app.use(guarded.routes());
  app.use(deps.dashboard);
  return app;
}
