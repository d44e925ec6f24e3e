/** Whom each gateway speaks for, and whether it may: asked of the gateway that runs, and else over its session. */
import { nameOf } from '../../account/commands.ts';
import { open, SessionEnded, speak } from '../../account/gateway-sessions.ts';
import { TelegramError } from '../../gateway/model/telegram-error.ts';
import { dataOwner } from '../../gateway/outbox/inspect-database.ts';
import { otherUser } from '../../gateway/outbox/origin.ts';
import { said, standingOfFreeze } from '../../gateway/telegram/standing.ts';
import { askAuthorizations, type Authorization } from '../../gateway/telegram/authorizations.ts';
import type { Link } from '../../gateway/telegram/link.ts';
import { askSelf } from '../../gateway/telegram/self.ts';
import { askAppConfig, noConfig, type Freeze } from '../../gateway/telegram/server-config.ts';
import { createLogger } from '../../kit/log.ts';
import { fail, ok, type Finding } from '../finding.ts';
import type { Gateway, Setup } from '../setup.ts';
import { linkSettings, placeOf } from '../telegram.ts';
import { otherUsers } from './other-users.ts';

/** What Telegram says over a session. */
interface Told {
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
    const detail = 'both gateways have the same session, and Telegram ends one that two use at once';
    return [fail('sessions', `${detail}: npm run login makes one for each, npm run logout comes before it`)];
  }
  const told = new Map<Gateway, Told>();
  const findings: Finding[] = [];
  for (const gateway of gateways) findings.push(await sessionOf(gateway, told));
  return [...findings, ...ofOneAccount(told), ...otherUsersOf(gateways, told)];
}

function haveOneKey([first, second]: readonly Gateway[]): boolean {
  const [key, other] = [first?.endpoint?.authKey, second?.endpoint?.authKey];
  return key !== undefined && other !== undefined && key.equals(other);
}

async function sessionOf(gateway: Gateway, told: Map<Gateway, Told>): Promise<Finding> {
  const { name, running, lockTrouble, endpoint } = gateway;
  const check = `session of ${name}`;
  if (running) return saidBy(check, gateway);
  if (lockTrouble !== undefined) return fail(check, `it is not opened: ${lockTrouble}`);
  // A sandbox may sign every key in.
  if (!endpoint || (!endpoint.authKey && endpoint.realm === 'telegram')) return fail(check, notSignedIn);
  try {
    const answer = await speak(() => openOf(gateway), ask);
    told.set(gateway, answer);
    return judge(check, gateway, answer);
  } catch (error) {
    const { message } = error as Error;
    if (!endpoint.authKey && error instanceof SessionEnded) return fail(check, notSignedIn);
    return fail(
      check,
      error instanceof SessionEnded ? message : `it could not be asked for (${message}): try again`,
    );
  }
}

function saidBy(check: string, { running, name }: Gateway): Finding {
  const { authorized, telegram } = running!.checks;
  const wrong = [telegram, authorized].filter((each) => each && !each.ok).map((each) => each!.detail);
  if (wrong.length > 0) return fail(check, `${name} runs and says: ${[...new Set(wrong)].join('; ')}`);
  return ok(
    check,
    `${name} runs at ${running!.url} and is signed in; it was asked, and its session left alone`,
  );
}

function openOf(gateway: Gateway): Promise<Link> {
  const place = placeOf(gateway)!;
  const { authKey } = gateway.endpoint!;
  return open(linkSettings(place), place, authKey && { authKey });
}

async function ask(link: Link): Promise<Told> {
  const { self, isPremium } = await askSelf(link);
  const { freeze } = await askAppConfig(link, isPremium, noConfig, silent);
  const authorizations = await askAuthorizations(link).catch((error: unknown) => {
    if (error instanceof TelegramError) return undefined;
    throw error;
  });
  const { chatId: userId, title, username } = self;
  return { userId, name: nameOf({ id: userId, name: title, username }), freeze, authorizations };
}

function judge(check: string, { config }: Gateway, { userId, name, freeze }: Told): Finding {
  if (freeze) return fail(check, said(standingOfFreeze(freeze)));
  const owner = dataOwner(config.DATA_DIR, config.TELEGRAM_ACCOUNT);
  if (owner !== undefined && owner !== userId)
    return fail(check, `${name}: ${otherUser(config.TELEGRAM_ACCOUNT)}`);
  return ok(check, name);
}

function ofOneAccount(told: ReadonlyMap<Gateway, Told>): Finding[] {
  const users = [...told.values()];
  if (new Set(users.map(({ userId }) => userId)).size < 2) return [];
  const detail = `they are of two accounts, ${users.map(({ name }) => name).join(' and ')}`;
  return [fail('sessions', `${detail}: sign both gateways in as one (npm run logout, npm run login)`)];
}

/** Told once: each session of an account lists the same. */
function otherUsersOf(gateways: readonly Gateway[], told: ReadonlyMap<Gateway, Told>): Finding[] {
  const [asked] = [...told].filter(([{ endpoint }]) => endpoint?.authKey !== undefined);
  if (!asked) return [];
  const [{ endpoint }, { authorizations }] = asked;
  const ours = gateways.filter((each) => each.endpoint?.authKey !== undefined).length;
  return [otherUsers(authorizations, { apiId: endpoint!.apiId, ours, now: Date.now() })];
}
