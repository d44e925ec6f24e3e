/** The session of the second gateway, where one session is imported for both: by its word, or else by a code. */
import { isNotOffered, TelegramError } from '../gateway/model/telegram-error.ts';
import { services } from '../gateway/telegram/session-file.ts';
import type { Session } from '../gateway/telegram/session.ts';
import {
  signInByCode,
  signInBySession,
  signOut,
  userOf,
  type SignedIn,
} from '../gateway/telegram/sign-in.ts';
import { StartError } from '../kit/run.ts';
import { askPhone, nameOf, signInOptions } from './commands.ts';
import { open } from './gateway-sessions.ts';
import type { AccountSettings } from './settings.ts';
import type { Terminal } from './terminal.ts';

const [first, second] = services;

/** Signs it in; `refuseOther` throws for a user whose data this is not. @throws StartError, and then nothing is signed in */
export async function signInFurther(
  settings: AccountSettings,
  terminal: Terminal,
  session: Session,
  refuseOther: (userId: string) => void,
): Promise<Session> {
  try {
    const link = await open(settings, session, session);
    try {
      const user = await userOf(link);
      refuseOther(user.id);
      const further = await bySessionOrCode(settings, terminal, { link, session, user });
      further.link.close();
      terminal.say(`It belongs to ${nameOf(user)}`);
      return further.session;
    } finally {
      link.close();
    }
  } catch (error) {
    if (error instanceof StartError) throw error;
    if (error instanceof TelegramError && error.code === 401) {
      throw new StartError(
        `this session is no longer signed in (${error.message}): npm run login makes new ones`,
      );
    }
    throw new StartError(
      `nothing was imported, because ${second} could not be signed in (${(error as Error).message}): try again, or ` +
        `import --as ${first}, which needs no answer from Telegram`,
    );
  }
}

/** A server may not offer that one session signs another in. */
async function bySessionOrCode(
  settings: AccountSettings,
  terminal: Terminal,
  imported: SignedIn,
): Promise<SignedIn> {
  const options = signInOptions(settings, terminal);
  try {
    return await signInBySession(options, imported);
  } catch (error) {
    const { message, cause } = error as Error;
    if (!isNotOffered(cause)) throw error;
    terminal.say(
      `The server does not let the imported session sign ${second} in (${message}): sign it in with a code of the ` +
        'same account',
    );
  }
  const further = await signInByCode(options, await askPhone(terminal));
  if (further.user.id === imported.user.id) return further;
  await signOut(further.link).finally(() => further.link.close());
  throw new Error('the code was for a different account than the imported session; it was signed out again');
}
