/**
 * npm run check-setup [-- SERVICE … --json --backups FOLDER]: what can be known before going live without sending anything,
 * of all services or of those named. Ends with 0 where nothing has to be done, with 1 where something has.
 */
import { resolve } from 'node:path';
import { backupsFolder } from '../gateway/storage/newest-backup.ts';
import { parseArgs } from 'node:util';
import { readEnvironment } from '../kit/environment.ts';
import { runChecks } from './checks.ts';
import { json, line, summary } from './print.ts';
import { namesOf, readSetup } from './setup.ts';

process.umask(0o077);
try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      backups: { type: 'string', default: backupsFolder },
    },
  });
  const backups = resolve(process.env.INIT_CWD ?? '.', values.backups);
  const setup = await readSetup(readEnvironment(), namesOf(positionals), backups);
  const findings = await runChecks(setup, (finding) => values.json || console.log(line(finding)));
  setup.release();
  console.log(values.json ? json(findings) : summary(findings));
  process.exitCode = findings.some(({ state }) => state === 'fail') ? 1 : 0;
} catch (error) {
  process.stderr.write(`check-setup: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
process.exit();
