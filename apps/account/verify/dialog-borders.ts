/**
 * A page of dialogs that is asked for behind a dialog (the date and id of its newest message, and its peer) begins with
 * the next one, at the end of a page and in the midst of one: nothing comes twice and nothing is left out
 * (core.telegram.org/api/offsets). gateway/telegram/dialogs.ts makes the cursor, and the walk of gateway/peers rests on it.
 */
import { Api } from 'telegram/tl/index.js';
import { startOfFolder, type DialogCursor } from '../../gateway/model/account.ts';
import { dialogsRequest, readDialogs } from '../../gateway/telegram/dialogs.ts';
import { chatIdOf } from '../../gateway/telegram/peers.ts';
import { NotReached, type Belief, type Finding, type Stage } from './belief.ts';
import type { GatewaySession } from './gateway-session.ts';

type Page = Api.messages.Dialogs | Api.messages.DialogsSlice;

const start = startOfFolder(0);
const spacingMs = 1_000;
const fewest = 3;

export const dialogBorders: Belief = {
  claim: 'A page of dialogs behind any dialog begins with the next one: nothing twice, nothing left out',
  check: async (stage) => {
    const finding = await compare(stage);
    if (finding.agrees) return finding;
    // A message that came meanwhile moves its dialog: what is so twice is so.
    await stage.sleep(spacingMs);
    return compare(stage);
  },
};

async function compare(stage: Stage): Promise<Finding> {
  const session = stage.text;
  const first = await session.call<Page>(dialogsRequest(start));
  if (!('dialogs' in first)) throw new NotReached('the answer has no dialogs');
  const inOrder = chatsOf(first.dialogs.filter((dialog) => !('pinned' in dialog && dialog.pinned)));
  if (inOrder.length < fewest) throw new NotReached('the account has too few dialogs');
  await stage.sleep(spacingMs);
  const middle = await behind(session, first, first.dialogs.length - Math.floor(inOrder.length / 2));
  await stage.sleep(spacingMs);
  const last = await behind(session, first, first.dialogs.length);
  const answers = [
    `in the midst of a page: ${differenceOf(middle, inOrder) ?? 'the next ones'}`,
    `at its end: ${differenceOf(last, inOrder) ?? 'none that was there before'}`,
  ];
  const agrees = [middle, last].every((page) => differenceOf(page, inOrder) === undefined);
  return { answer: answers.join('; '), agrees };
}

/** The page behind the first `count` dialogs of `page`, with the cursor that the walk would make of them. */
async function behind(session: GatewaySession, page: Page, count: number) {
  const { dialogs, messages, chats, users } = page;
  const upTo = { dialogs: dialogs.slice(0, count), messages, chats, users, count: dialogs.length };
  const cursor = readDialogs(new Api.messages.DialogsSlice(upTo), start).next;
  if (!cursor?.offsetPeer) throw new NotReached('no dialog of the page has a message to go on from');
  const request = dialogsRequest(cursor);
  const answer = await session.call<Api.messages.TypeDialogs>(request);
  return { cursor, dialogs: readDialogs(answer, cursor).dialogs };
}

/** How a page differs from what stands behind its cursor in `inOrder`, which knows one page alone; or undefined. */
function differenceOf(
  { cursor, dialogs }: { readonly cursor: DialogCursor; readonly dialogs: readonly string[] },
  inOrder: readonly string[],
): string | undefined {
  const at = inOrder.indexOf(cursor.offsetPeer!.chatId);
  const rest = inOrder.slice(at + 1);
  if (dialogs.some((chatId) => inOrder.slice(0, at + 1).includes(chatId))) return 'some that came before';
  if (rest.length > 0 && dialogs.length === 0) return 'none, and there are more';
  const isNext = dialogs.slice(0, rest.length).every((chatId, index) => chatId === rest[index]);
  return isNext ? undefined : 'some are left out, or in another order';
}

function chatsOf(dialogs: readonly Api.TypeDialog[]): string[] {
  return dialogs.filter((dialog) => dialog instanceof Api.Dialog).map(({ peer }) => chatIdOf(peer));
}
