/** npm run login [-- --qr], npm run whoami, npm run logout, npm run import-session -- FILE [--as GATEWAY]. */
import { prepareDataDir } from '../gateway/outbox/data-dir.ts';
import { readEnvironment } from '../kit/environment.ts';
import { login, logout, whoami } from './commands.ts';
import { importSession } from './import-session.ts';
import { importArguments } from './import-arguments.ts';
import { readAccountSettings } from './settings.ts';
import { openTerminal } from './terminal.ts';

const [command, ...flags] = process.argv.slice(2);
const terminal = openTerminal();
try {
  const settings = readAccountSettings(readEnvironment());
  prepareDataDir(settings.dataDir);
  if (command === 'login') await login(settings, terminal, flags.includes('--qr'));
  else if (command === 'whoami') process.exitCode = (await whoami(settings, terminal)) ? 0 : 1;
  else if (command === 'logout') await logout(settings, terminal);
  else if (command === 'import-session') await importSession(settings, terminal, importArguments(flags));
  else throw new Error('say login, whoami, logout or import-session');
} catch (error) {
  process.stderr.write(`${command ?? 'account'}: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
terminal.close();
process.exit();
