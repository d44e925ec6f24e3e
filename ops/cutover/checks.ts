/** Whether the cutover may begin: every problem told at once, and nothing changed. */
import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { newUnits, sides, type Side } from './arguments.ts';
import type { Cutover } from './cutover.ts';
import type { Facts } from './journal.ts';
import { haveSameKey } from './session-copy.ts';
import type { UnitBefore } from './units.ts';

const neededBytes = 500_000_000;
const clockToleranceMs = 5_000;

type Check = (cutover: Cutover) => Promise<string> | string;

/** Each answers in words what is well. @throws Error with what is not */
const checks: readonly Check[] = [
  (cutover) => unitsAreAsExpected(cutover),
  (cutover) => portsAreTheirs(cutover),
  (cutover) => sessionsAreUsable(cutover),
  (cutover) => diskHasRoom(cutover),
  (cutover) => credentialsAreThere(cutover),
  (cutover) => clockIsRight(cutover),
  (cutover) => telegramAnswers(cutover),
];

/** Goes through all of them and says what each found. @throws Error when one found a problem */
export async function check(cutover: Cutover): Promise<Facts> {
  cutover.installed(); // With wrong settings the rest has no sense.
  let problems = 0;
  for (const each of checks) {
    try {
      cutover.say(`  ok: ${await each(cutover)}`);
    } catch (error) {
      problems++;
      cutover.say(`  PROBLEM: ${(error as Error).message}`);
    }
  }
  if (problems > 0) throw new Error(`${problems} of ${checks.length} checks found a problem`);
  return describe(cutover);
}

async function describe({ options, units, host, installed }: Cutover): Promise<Facts> {
  const { ports } = installed();
  const found: Record<string, UnitBefore> = {};
  for (const unit of [...Object.values(options.oldUnits), ...Object.values(newUnits)])
    found[unit] = await units.describe(unit);
  const listened = { text: await host.isListening(ports.text), media: await host.isListening(ports.media) };
  return { units: found, listened };
}

async function unitsAreAsExpected({ options, units }: Cutover): Promise<string> {
  for (const unit of Object.values(options.oldUnits)) {
    if ((await units.property(unit, 'LoadState')) !== 'loaded') throw new Error(`there is no unit ${unit}`);
    const file = await units.property(unit, 'UnitFileState');
    if (!['enabled', 'disabled', 'static', 'linked'].includes(file))
      throw new Error(
        `${unit} is ${file || 'of no file'}: only one that is enabled, disabled or static can be put back`,
      );
    const trigger = await units.property(unit, 'TriggeredBy');
    if (trigger) throw new Error(`${unit} would be started again by ${trigger}: stop and disable that first`);
  }
  for (const unit of Object.values(newUnits)) {
    if ((await units.property(unit, 'LoadState')) !== 'loaded')
      throw new Error(`there is no ${unit}: run ops/install.sh first`);
    if (await units.isActive(unit)) throw new Error(`${unit} runs already: systemctl stop ${unit}`);
  }
  return `units ${Object.values(options.oldUnits).join(' and ')}, and ours, which do not run`;
}

async function portsAreTheirs({ options, units, host, installed }: Cutover): Promise<string> {
  const { ports } = installed();
  if (ports.text === ports.media) throw new Error(`both gateways have port ${ports.text}`);
  for (const side of sides) {
    const unit = options.oldUnits[side];
    const isActive = await units.isActive(unit);
    const isListening = await host.isListening(ports[side]);
    if (isActive && !isListening)
      throw new Error(
        `${unit} runs, but nothing listens on ${ports[side]}: set SEND_${side.toUpperCase()}_PORT to its port`,
      );
    if (!isActive && isListening)
      throw new Error(`port ${ports[side]} is taken, and not by ${unit}, which does not run`);
  }
  return `ports ${ports.text} and ${ports.media}`;
}

function sessionsAreUsable({ options: { sessions }, installed }: Cutover): string {
  const other = installed().otherSession;
  if (other) throw new Error(`there is a session already, in ${other}: nothing has to be imported`);
  for (const file of Object.values(sessions)) {
    if (!existsSync(file)) throw new Error(`there is no session file ${file}`);
    accessSync(file, constants.R_OK);
  }
  if (haveSameKey(sessions.text, sessions.media))
    throw new Error(
      'both session files hold the same key, and two gateways may not share one: use vestnik-account login',
    );
  return 'two sessions, each with a key of its own';
}

function diskHasRoom({ places }: Cutover): string {
  for (const folder of [dirname(places.state), places.data]) {
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < neededBytes)
      throw new Error(`the disk of ${folder} has less than ${neededBytes / 1_000_000} MB free`);
  }
  return `more than ${neededBytes / 1_000_000} MB of disk are free`;
}

function credentialsAreThere({ options: { tokenFile }, installed }: Cutover): string {
  if (installed().asksForTokens && tokenFile === undefined)
    throw new Error('API_TOKENS is set: give --token-file, with a token of the scopes send and read');
  if (tokenFile !== undefined) readFileSync(tokenFile);
  return 'credentials';
}

async function clockIsRight({ host, installed }: Cutover): Promise<string> {
  const { account, clockReference } = installed();
  if (account.publicKey !== undefined) return 'the clock, which simulated Telegram does not mind';
  const offsetMs = await host.clockOffsetMs(clockReference);
  if (Math.abs(offsetMs) > clockToleranceMs)
    throw new Error(`the clock is off by ${Math.round(offsetMs / 1000)} s: timedatectl set-ntp true`);
  return 'the clock';
}

async function telegramAnswers({ host, installed }: Cutover): Promise<string> {
  const { account } = installed();
  await host.askTelegram(account).catch((error: unknown) => {
    const { host: address, port } = account.home;
    throw new Error(`Telegram does not answer at ${address}:${port}: ${(error as Error).message}`);
  });
  return 'Telegram answers';
}

/** The side's name as it stands in sentences. */
export function serviceOf(side: Side): string {
  return `the ${side} service`;
}
