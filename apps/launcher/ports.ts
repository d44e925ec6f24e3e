/** Checks every port before anything starts, so that one line can name the obstacle. */
import { createServer } from 'node:net';
import { StartError } from '../kit/run.ts';
import type { Address } from './plan.ts';

/** @throws StartError naming each port that is in use, or given to two services, with its setting */
export async function checkPorts(addresses: readonly Address[]): Promise<void> {
  const problems = [...sharedPorts(addresses), ...(await Promise.all(addresses.map(problemWith)))];
  const told = problems.filter((problem) => problem !== undefined);
  if (told.length > 0) throw new StartError(told.join('; '));
}

function sharedPorts(addresses: readonly Address[]): string[] {
  const byPort = Map.groupBy(addresses, ({ port }) => port);
  return [...byPort.values()]
    .filter((same) => same.length > 1)
    .map((same) => `port ${same[0]!.port} is set twice: by ${same.map((a) => a.setting).join(' and ')}`);
}

function problemWith({ host, port, setting }: Address): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    // Other failures (an address not of this machine) are for the service itself to explain.
    probe.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EADDRINUSE' ? `port ${port} is in use: set ${setting} to another` : undefined),
    );
    probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  });
}
