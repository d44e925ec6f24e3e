/** What must be true of a simulation that is over, in one line for each way in which it is not. */
import { sendMethods } from '../../model/account.ts';
import { isGroup, type Paces } from '../../pacing/pacer.ts';
import type { Call } from './simulated-telegram.ts';
import type { Accepted, Simulation } from './simulation.ts';

const finalStates = ['sent', 'failed', 'expired', 'cancelled'];
const sending: readonly string[] = sendMethods;

export function problemsOf(simulation: Simulation): string[] {
  const { accepted, telegram, paces } = simulation;
  const calls = telegram.calls.filter(({ method }) => sending.includes(method));
  return [
    ...accepted.flatMap((each) => fateProblems(simulation, each)),
    ...foreignProblems(simulation),
    ...orderProblems(simulation),
    ...telegram.violations,
    ...paceProblems(calls, paces),
  ];
}

/** Whether what became of a message is what Telegram has of it. */
function fateProblems(simulation: Simulation, accepted: Accepted): string[] {
  const message = simulation.message(accepted);
  if (!message) return [`${accepted.id} was lost`];
  const { status, messageIds } = message;
  const problems: string[] = [];
  const arrived = accepted.texts.map((text) =>
    simulation.telegram.delivered.filter((each) => each.text === text),
  );
  const count = arrived.flat().length;
  if (!finalStates.includes(status))
    problems.push(`${accepted.id} is still ${status}: ${JSON.stringify(message)}`);
  if (arrived.some(({ length }) => length > 1)) problems.push(`${accepted.id} was sent twice`);
  if (status === 'sent' && arrived.some(({ length }) => length === 0))
    problems.push(`${accepted.id} never arrived`);
  const ids = arrived.flat().map(({ messageId }) => messageId);
  if (status === 'sent' && ids.join() !== messageIds.join())
    problems.push(`${accepted.id} has wrong message ids`);
  const mayBePartly = status === 'failed' && accepted.gateway === 'text';
  if (status !== 'sent' && count > 0 && !(mayBePartly && count < arrived.length)) {
    problems.push(`${accepted.id} is ${status}, and ${count} of it arrived`);
  }
  return problems;
}

/** Whether anything arrived that nobody was told is accepted. */
function foreignProblems({ accepted, telegram }: Simulation): string[] {
  const texts = new Set(accepted.flatMap((each) => each.texts));
  return telegram.delivered
    .filter(({ text }) => !texts.has(text))
    .map(({ text }) => `${text} was never accepted`);
}

/** Whether each chat got the messages of each gateway in the order of their acceptance; what was retried may be late. */
function orderProblems({ accepted, telegram }: Simulation): string[] {
  const problems: string[] = [];
  const rank = new Map(
    accepted.flatMap((each, index) => each.texts.map((text, part) => [text, index * 10 + part])),
  );
  const lanes = Map.groupBy(accepted, ({ gateway, target }) => `${gateway} to ${target}`);
  for (const [lane, messages] of lanes) {
    const texts = new Set(messages.filter(({ isRetried }) => !isRetried).flatMap((each) => each.texts));
    const order = telegram.delivered.filter(({ text }) => texts.has(text)).map(({ text }) => text);
    const late = order.find((text, index) => index > 0 && rank.get(text)! < rank.get(order[index - 1]!)!);
    if (late !== undefined) problems.push(`${lane}: ${late} was overtaken (${order.join(' ')})`);
  }
  return problems;
}

function paceProblems(calls: readonly Call[], { chatPerS, groupPerMin, accountPerS }: Paces): string[] {
  const problems: string[] = [];
  for (const [chatId, ofChat] of Map.groupBy(calls, (call) => call.chatId!)) {
    if (chatPerS > 0) problems.push(...tooClose(ofChat, 1, 1000 / chatPerS, `two calls to ${chatId}`));
    if (groupPerMin > 0 && isGroup(chatId))
      problems.push(...tooClose(ofChat, groupPerMin, 60_000, `calls to ${chatId}`));
  }
  if (accountPerS === 0) return problems;
  const intervalMs = 1000 / accountPerS;
  // Half an interval may be made up for.
  for (const apart of [1, 2, 5]) {
    problems.push(
      ...tooClose(calls, apart, (apart - 0.5) * intervalMs - 1, `${apart + 1} calls of the account`),
    );
  }
  return problems;
}

/** Whether a call came sooner than `ms` after the one that is `apart` before it. */
function tooClose(calls: readonly Call[], apart: number, ms: number, what: string): string[] {
  const early = calls.find(({ at }, index) => index >= apart && at - calls[index - apart]!.at < ms);
  return early ? [`${what} within less than ${ms} ms, at ${early.at}`] : [];
}
