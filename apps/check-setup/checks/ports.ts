/** Whether each service can listen where it is told to: the port is free, or held by that service itself. */
import { createServer } from 'node:net';
import { probePort } from '../../monitor/diagnostics/port.ts';
import { fail, ok, type Finding } from '../finding.ts';
import { askJson, urlAt } from '../running.ts';
import type { Setup } from '../setup.ts';

interface Wanted {
  readonly service: string;
  readonly host: string;
  readonly port: number;
  /** The settings that choose them. */
  readonly hostSetting: string;
  readonly portSetting: string;
  /** Whether it runs already. */
  readonly isRunning: boolean;
}

export async function checkPorts({ gateways, monitor }: Setup): Promise<readonly Finding[]> {
  const wanted: Wanted[] = gateways.map(({ name, config, running }) => {
    const prefix = name.toUpperCase().replace('-', '_');
    const settings = { hostSetting: `${prefix}_HOST`, portSetting: `${prefix}_PORT` };
    return { service: name, host: config.HOST, port: config.PORT, ...settings, isRunning: Boolean(running) };
  });
  if (monitor) {
    const { MONITOR_HOST: host, MONITOR_PORT: port } = monitor;
    const settings = { hostSetting: 'MONITOR_HOST', portSetting: 'MONITOR_PORT' };
    wanted.push({
      service: 'monitor',
      host,
      port,
      ...settings,
      isRunning: await isMonitor(urlAt(host, port)),
    });
  }
  return Promise.all(wanted.map((each) => portOf(each, wanted)));
}

async function portOf(each: Wanted, all: readonly Wanted[]): Promise<Finding> {
  const { service, host, port, hostSetting, portSetting, isRunning } = each;
  const check = `port of ${service}`;
  const other = all.find((them) => them !== each && them.port === port && port !== 0);
  if (other) return fail(check, `${other.service} has port ${port} too: set ${portSetting} to another`);
  if (isRunning) return ok(check, `${host}:${port}, where it runs already`);
  const code = await whyNot(host, port);
  switch (code) {
    case undefined:
      return ok(check, port === 0 ? 'any free port' : `${host}:${port} is free`);
    case 'EADDRINUSE': {
      const { owner } = await probePort(new URL(urlAt(host, port)).hostname, port);
      const who = owner ? `${owner.name} (process ${owner.pid})` : 'another program';
      return fail(
        check,
        `port ${port} is held by ${who}, not by ${service}: stop that program, or set ${portSetting} to another`,
      );
    }
    case 'EADDRNOTAVAIL':
      return fail(
        check,
        `${host} is not an address of this machine: set ${hostSetting} to one, such as 127.0.0.1`,
      );
    case 'EACCES':
      return fail(check, `this user may not listen on port ${port}: set ${portSetting} to 1024 or higher`);
    default:
      return fail(
        check,
        `nothing can listen on ${host}:${port} (${code}): set ${hostSetting} and ${portSetting}`,
      );
  }
}

/** The code of the error with which listening fails. */
function whyNot(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', ({ code, message }: NodeJS.ErrnoException) => resolve(code ?? message));
    probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  });
}

async function isMonitor(url: string): Promise<boolean> {
  const body = await askJson(`${url}/health`);
  return typeof body?.version === 'string' && !('checks' in body);
}
