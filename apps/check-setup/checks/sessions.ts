/** Whom each gateway speaks for, and whether it may: asked of the gateway that runs, and else over its session. */
import { nameOf } from '../../account/commands.ts';
import { open, SessionEnded, speak } from '../../account/gateway-sessions.ts';
import { TelegramError } from '../../gateway/model/telegram-error.ts';
import { dataOwner } from '../../gateway/storage/sqlite/inspect-database.ts';
import { otherUser } from '../../gateway/storage/sqlite/data-owner.ts';
import type { Endpoint } from '../../gateway/settings.ts';
import { said, standingOfFreeze } from '../../gateway/model/standing.ts';
import { askAuthorizations, type Authorization } from '../../gateway/telegram/authorizations.ts';
import type { Link } from '../../gateway/telegram/link.ts';
import { askSelf } from '../../gateway/telegram/self.ts';
import type { Freeze } from '../../gateway/model/telegram-limits.ts';
import { askAppConfig, noConfig } from '../../gateway/telegram/server-config.ts';
import { createLogger } from '../../kit/log.ts';
import { sentence } from '../../kit/reason.ts';
import { fail, ok, warn, type Finding } from '../finding.ts';
import type { Gateway, Setup } from '../setup.ts';
import { linkSettings, placeOf } from '../telegram.ts';
import { otherUsers } from './other-users.ts';

/** What Telegram says over a session. */
interface Told {
  readonly endpoint: Endpoint;
  readonly userId: string;
  readonly name: string;
  readonly freeze: Freeze | undefined;
  /** Undefined where Telegram does not list them. */
  readonly authorizations: readonly Authorization[] | undefined;
}

const notSignedIn = 'not signed in: npm run login';
const silent = createLogger('check-setup', 'silent');

export async function checkSessions({ gateways }: Setup): Promise<readonly Finding[]> {
  if (haveOneKey(gateways)) {
    const detail =
      'both gateways have the same session, and Telegram ends a session that two programs use at once';
    return [fail('sessions', `${detail}: run npm run logout, then npm run login, which makes one for each`)];
  }
  const asked = await Promise.all(gateways.map(sessionOf));
  const told = asked.flatMap(({ told: each }) => each ?? []);
  return [...asked.map(({ finding }) => finding), ...ofOneAccount(told), ...otherUsersOf(gateways, told)];
}

function haveOneKey([first, second]: readonly Gateway[]): boolean {
  const [key, other] = [first?.endpoint?.authKey, second?.endpoint?.authKey];
  return key !== undefined && other !== undefined && key.equals(other);
}

interface Asked {
  readonly finding: Finding;
  readonly told?: Told;
}

async function sessionOf(gateway: Gateway): Promise<Asked> {
  const { name, running, lockTrouble, endpoint } = gateway;
  const check = `session of ${name}`;
  if (running) return { finding: saidBy(check, gateway) };
  if (lockTrouble !== undefined) return { finding: fail(check, `not opened: ${lockTrouble}`) };
  // A sandbox may sign every key in.
  if (!endpoint || (!endpoint.authKey && endpoint.realm === 'telegram'))
    return { finding: fail(check, notSignedIn) };
  try {
    const told = await speak(
      () => openOf(gateway),
      (link) => ask(link, endpoint),
    );
    return { finding: judge(check, gateway, told), told };
  } catch (error) {
    return { finding: fail(check, whyNot(error as Error, endpoint)) };
  }
}

function whyNot(error: Error, { authKey }: Endpoint): string {
  if (!(error instanceof SessionEnded)) return `could not be checked (${error.message}): try again`;
  return authKey ? error.message : notSignedIn;
}

/** What keeps it from sending is to be mended; the rest, such as a wait that Telegram asked for, is to be known. */
function saidBy(check: string, { running, name }: Gateway): Finding {
  const { url, status, reasons, checks } = running!;
  const said = `${name} runs at ${url} and reports: ${reasons.join('; ')}`;
  if (status === 'down' || !checks.authorized?.ok) return fail(check, said);
  if (reasons.length > 0) return warn(check, said);
  return ok(check, `${name} runs at ${url} and is signed in, by its own answer; its session was not opened`);
}

function openOf(gateway: Gateway): Promise<Link> {
  const place = placeOf(gateway)!;
  const { authKey } = gateway.endpoint!;
  return open(linkSettings(place), place, authKey && { authKey });
}

async function ask(link: Link, endpoint: Endpoint): Promise<Told> {
  const { self, isPremium } = await askSelf(link);
  const { freeze } = await askAppConfig(link, isPremium, noConfig, silent);
  const authorizations = await askAuthorizations(link).catch((error: unknown) => {
    if (error instanceof TelegramError) return undefined;
    throw error;
  });
  const { chatId: userId, title, username } = self;
  return { endpoint, userId, name: nameOf({ id: userId, name: title, username }), freeze, authorizations };
}

function judge(check: string, { config }: Gateway, { userId, name, freeze }: Told): Finding {
  if (freeze) return fail(check, said(standingOfFreeze(freeze)));
  const owner = dataOwner(config.DATA_DIR, config.TELEGRAM_ACCOUNT);
  if (owner !== undefined && owner !== userId)
    return fail(check, `${name}: ${sentence(otherUser(config.TELEGRAM_ACCOUNT))}`);
  return ok(check, name);
}

function ofOneAccount(told: readonly Told[]): Finding[] {
  if (new Set(told.map(({ userId }) => userId)).size < 2) return [];
  const detail = `they belong to two accounts, ${told.map(({ name }) => name).join(' and ')}`;
  return [fail('sessions', `${detail}: sign both gateways in to one (npm run logout, npm run login)`)];
}

/** Told once: each session of an account lists the same. Of keys that a sandbox signs in there are as many as were made. */
function otherUsersOf(gateways: readonly Gateway[], told: readonly Told[]): Finding[] {
  const asked = told.find(({ endpoint }) => endpoint.authKey !== undefined);
  if (!asked) return [];
  const ours = gateways.filter(({ endpoint }) => endpoint?.authKey !== undefined).length;
  return [otherUsers(asked.authorizations, { apiId: asked.endpoint.apiId, ours, now: Date.now() })];
}
