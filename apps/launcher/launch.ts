/** Starts the launcher: checks the ports, opens the socket, starts the services, prints what to open. */
import { mkdirSync } from 'node:fs';
import type { Environment } from '../kit/environment.ts';
import { systemClock } from '../kit/clock.ts';
import type { Logger } from '../kit/log.ts';
import type { Release } from '../kit/release.ts';
import { startChild } from './child.ts';
import { compileServices } from './compile.ts';
import { createControlApp } from './control.ts';
import { ServiceGroup } from './service-group.ts';
import { LineRing } from './lines.ts';
import { createPlan, dataDirOf, type ServiceSpec } from './plan.ts';
import { checkPorts } from './ports.ts';
import { waitUntilUp } from './ready.ts';
import { KeptService, stopGraceMs } from './service.ts';
import { listenOnSocket, socketPathFor } from './socket.ts';
import type { Terminal } from './terminal.ts';
import { welcome } from './welcome.ts';

export interface LaunchDeps {
  readonly env: Environment;
  readonly release: Release;
  readonly terminal: Terminal;
  readonly log: Logger;
  /** The folder that holds one folder for each process. */
  readonly appsDir: URL;
  /** Print every log line, whatever LOG_LEVEL says. */
  readonly verbose: boolean;
}

const clock = systemClock;
/** A clean stop of everything: a little more than a service gets before it is killed. */
export const releaseMs = stopGraceMs + 2_000;
/** After this a start is slow enough to say what is being waited for. */
const slowStartMs = 15_000;

/**
 * Starts everything; what it opens is pushed to `release`.
 * @throws StartError in one line when a port is taken or a service cannot start, ConfigError for wrong settings
 */
export async function launch(deps: LaunchDeps): Promise<{ log: Logger }> {
  const { env, release, terminal, log } = deps;
  const startedAt = clock.now();
  terminal.verbose = deps.verbose || env.LOG_LEVEL === 'debug' || env.LOG_LEVEL === 'trace';
  const socketPath = socketPathFor(dataDirOf(env));
  const plan = createPlan(env, deps.appsDir, socketPath);
  await checkPorts(plan.services.flatMap(({ listens }) => listens));
  mkdirSync(plan.dataDir, { recursive: true, mode: 0o700 });

  const lines = new LineRing(startedAt.toString(36));
  const told: Told = { allUp: false };
  const group = new ServiceGroup(
    plan.services.map((spec) => ({ spec, service: keep(spec, deps, lines, told) })),
  );
  release.push('socket', await listenOnSocket(createControlApp({ group, lines, log, clock }), socketPath));
  release.push('services', async () => {
    terminal.stopping = true;
    if (told.allUp) terminal.say('Stopping …');
    await group.stopAll();
    if (told.allUp) terminal.say('Stopped.');
  });

  terminal.say(`Starting ${group.names.join(', ')} …`);
  terminal.hold();
  const slow = setTimeout(() => terminal.say(`Still waiting for ${waitedFor(group)} …`), slowStartMs);
  try {
    await compileServices(plan.services, deps.appsDir, plan.compiledDir);
    await group.startAll();
  } finally {
    clearTimeout(slow);
  }
  told.allUp = true;
  terminal.release();
  terminal.say(
    welcome({ plan, env, seconds: (clock.now() - startedAt) / 1000, madePassword: told.password }),
  );
  return { log };
}

/** What is known of this start. The password is one that the monitor has just made and sends only to the launcher. */
interface Told {
  allUp: boolean;
  password?: { user: string; password: string };
}

function keep(
  spec: ServiceSpec,
  { env, terminal, log }: LaunchDeps,
  lines: LineRing,
  told: Told,
): KeptService {
  const events = {
    onLine: (stream: 'stdout' | 'stderr', line: string) => {
      lines.push({ at: new Date(clock.now()).toISOString(), service: spec.name, stream, line });
      terminal.line(spec.name, line);
    },
    onMessage: (message: unknown) => {
      if (isMadePassword(message)) told.password = message;
    },
  };
  return new KeptService(spec.name, {
    clock,
    startChild: () => startChild(spec.entry, { ...env, ...spec.env }, events),
    waitUntilUp: (signal) => waitUntilUp(spec.ready, clock, signal),
    onDeath: ({ code, signal }, waitMs) =>
      told.allUp &&
      log.warn(`${spec.name} ended (${signal ?? `exit code ${code}`}); restarting it in ${waitMs / 1000} s`),
  });
}

function isMadePassword(message: unknown): message is { user: string; password: string } {
  const { type, user, password } = (message ?? {}) as Record<string, unknown>;
  return type === 'password' && typeof user === 'string' && typeof password === 'string';
}

function waitedFor(group: ServiceGroup): string {
  const waiting = group.statuses().filter(({ state }) => state !== 'running');
  return waiting.map(({ name }) => name).join(', ');
}
