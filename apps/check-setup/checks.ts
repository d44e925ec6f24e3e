/** Every check in the order in which it is told; none sends anything, and what one of them throws is a finding too. */
import { systemClock } from '../kit/clock.ts';
import { within } from '../monitor/diagnostics/within.ts';
import { checkBackups } from './checks/backups.ts';
import { checkDatabase } from './checks/database.ts';
import { checkDisk } from './checks/disk.ts';
import { checkFiles } from './checks/files.ts';
import { checkPorts } from './checks/ports.ts';
import { checkReach } from './checks/reach.ts';
import { checkSessions } from './checks/sessions.ts';
import { checkSettings } from './checks/settings.ts';
import { fail, type Finding } from './finding.ts';
import type { Setup } from './setup.ts';

type Check = (setup: Setup) => Promise<readonly Finding[]> | readonly Finding[];

const checks: Readonly<Record<string, Check>> = {
  settings: checkSettings,
  files: checkFiles,
  disk: checkDisk,
  database: checkDatabase,
  backups: checkBackups,
  ports: checkPorts,
  'data centre': checkReach,
  session: checkSessions,
};

/** A check has timeouts of its own; this one is for what they do not cover. */
const checkMs = 120_000;

/** Runs them one after another and tells each finding as it comes. All of them. */
export async function runChecks(setup: Setup, tell: (finding: Finding) => void): Promise<Finding[]> {
  const all: Finding[] = [];
  for (const [name, check] of Object.entries(checks)) {
    const findings = await within(
      systemClock,
      checkMs,
      Promise.resolve().then(() => check(setup)),
    ).catch((error: unknown) => [fail(name, `could not be checked: ${(error as Error).message}`)]);
    findings.forEach(tell);
    all.push(...findings);
  }
  return all;
}
