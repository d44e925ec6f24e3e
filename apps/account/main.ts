/**
 * npm run login [-- --qr], npm run whoami, npm run logout, npm run import-session -- FILE [--as GATEWAY], npm run
 * verify-account [-- --yes].
 */
import { prepareDataDir } from '../gateway/storage/data-dir.ts';
import { systemClock } from '../kit/clock.ts';
import { readEnvironment, type Environment } from '../kit/environment.ts';
import { login, logout, whoami } from './commands.ts';
import { importSession } from './import-session.ts';
import { importArguments } from './import-arguments.ts';
import { readAccountSettings } from './settings.ts';
import { openTerminal } from './terminal.ts';
import { verifyAccount } from './verify/verify-account.ts';

const [command, ...flags] = process.argv.slice(2);
const terminal = openTerminal();
try {
  const env = readEnvironment();
  const settings = readAccountSettings(env);
  prepareDataDir(settings.dataDir);
  if (command === 'login') await login(settings, terminal, flags.includes('--qr'));
  else if (command === 'whoami') process.exitCode = (await whoami(settings, terminal)) ? 0 : 1;
  else if (command === 'logout') await logout(settings, terminal);
  else if (command === 'import-session') await importSession(settings, terminal, importArguments(flags));
  else if (command === 'verify-account') process.exitCode = await verify(env);
  else throw new Error('give a command: login, whoami, logout, import-session or verify-account');
} catch (error) {
  process.stderr.write(`${command ?? 'account'}: ${(error as Error).message}\n`);
  process.exitCode = command === 'verify-account' ? 2 : 1;
}
terminal.close();
process.exit();

/** Ctrl-C ends it with what it sent deleted; npm may pass the signal on a second time. */
function verify(env: Environment): Promise<number> {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());
  return verifyAccount({
    env,
    terminal,
    clock: systemClock,
    interrupted: interrupted.signal,
    isAgreed: flags.includes('--yes'),
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
}
