/** For tests: a sandbox that asks for a sign-in, both gateways signed in to it, and the command that checks them. */
import { join } from 'node:path';
import { open } from '../../account/gateway-sessions.ts';
import { readAccountSettings } from '../../account/settings.ts';
import { writeSessionFile, sessionFile, services } from '../../gateway/telegram/session-file.ts';
import { formatSession, type Session } from '../../gateway/telegram/session.ts';
import { signInByCode, signInBySession, type SignInOptions } from '../../gateway/telegram/sign-in.ts';
import { systemClock } from '../../kit/clock.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { startProcess } from '../../testkit/process.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { gatewayEnvironment } from '../../testkit/stack.ts';
import type { Finding } from '../finding.ts';

export type Environment = Record<string, string>;

/** Signs in by a code; two sessions of the account. */
export async function sessionsOf(sandbox: TestSandbox, env: Environment, phone: string): Promise<Session[]> {
  const settings = readAccountSettings(env);
  const { home, apiId, apiHash } = settings;
  const code = async () => {
    const codes = await sandbox.get<{ phone: string; code: string }[]>('/codes');
    return codes.find((each) => each.phone === phone)!.code;
  };
  const options: SignInOptions = {
    home,
    apiId,
    apiHash,
    clock: systemClock,
    open: (dataCentre) => open(settings, dataCentre, undefined),
    prompts: { code, password: () => Promise.reject(new Error('no password is expected')) },
  };
  const first = await signInByCode(options, phone);
  const second = await signInBySession(options, first);
  for (const { link } of [first, second]) link.close();
  return [first.session, second.session];
}

export async function signedIn(phone = '9996620001') {
  const sandbox = await startSandbox({ signIn: 'required' });
  const dataDir = temporaryFolder();
  const env: Environment = {
    ...gatewayEnvironment(sandbox, dataDir),
    MONITOR_PORT: '0',
    MONITOR_DATA_DIR: temporaryFolder(),
  };
  const sessions = await sessionsOf(sandbox, env, phone);
  const files = services.map((service) => sessionFile(dataDir, 'main', service));
  sessions.forEach((session, index) => writeSessionFile(files[index]!, formatSession(session)));
  return { sandbox, dataDir, env, sessions, files };
}

/** Runs npm run check-setup; its findings by name, and how it ended. */
export async function checkSetup(
  env: Environment,
  { args = [], cwd = temporaryFolder() }: { args?: string[]; cwd?: string } = {},
) {
  const command = startProcess(join(import.meta.dirname, '../main.ts'), {
    args: ['--json', ...args],
    env,
    cwd,
  });
  const code = await command.ended;
  if (command.stdout === '') throw new Error(command.output);
  const { ok, checks } = JSON.parse(command.stdout) as { ok: boolean; checks: Finding[] };
  const found = (name: string) =>
    checks.filter(({ check }) => check === name).map(({ state, detail }) => `${state} ${detail}`);
  const amiss = checks.filter(({ state }) => state !== 'ok');
  return { code, ok, checks, found: (name: string) => found(name).join('\n'), amiss, output: command.output };
}

/** Connections that signed-in sessions opened, all together. */
export async function openedBySessions(sandbox: TestSandbox): Promise<number> {
  const { connections } = await sandbox.report();
  return connections.filter(({ account }) => account !== null).reduce((sum, { count }) => sum + count, 0);
}
