/** Whether a new service does its work: its health, its numbers, and one message to oneself. */
import { openAsBlob, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { newUnits, type Side } from './arguments.ts';
import { serviceOf } from './checks.ts';
import type { Cutover } from './cutover.ts';

const samplePhoto = fileURLToPath(new URL('../samples/photo.jpg', import.meta.url));
const countedWithinS = 10;
const healthyWithinS = 60;

export interface Health {
  readonly status: 'ok' | 'degraded' | 'down';
  readonly reasons: readonly string[];
}

/** The health a service tells of itself, or undefined when it does not answer. */
export async function healthOf(cutover: Cutover, side: Side): Promise<Health | undefined> {
  const answer = await ask(cutover, side, '/health').catch(() => undefined);
  return answer && (JSON.parse(answer.body) as Health);
}

/** Asks a gateway, with the operator's token where there is one. @throws Error when there is no answer */
export function ask({ host, installed, options }: Cutover, side: Side, path: string, init: RequestInit = {}) {
  const token = options.tokenFile && readFileSync(options.tokenFile, 'utf8').trim();
  const headers = {
    ...(init.headers as Record<string, string>),
    ...(token && { authorization: `Bearer ${token}` }),
  };
  return host.request(installed().urls[side] + path, { ...init, headers });
}

/** @throws Error with what is wrong */
export async function verify(cutover: Cutover, side: Side): Promise<void> {
  const { say, units } = cutover;
  await cutover.until(`${serviceOf(side)} is well`, healthyWithinS, async () => {
    if (!(await units.isActive(newUnits[side]))) throw new Error(`${newUnits[side]} has ended`);
    return isUp(await healthOf(cutover, side));
  });
  await sendToSelf(cutover, side);
  say('  the message to oneself was sent');
  const health = await healthOf(cutover, side);
  if (!isUp(health))
    throw new Error(`${serviceOf(side)} is down: ${health?.reasons.join('; ') ?? 'no answer'}`);
  say(`  health: ${[health?.status, ...(health?.reasons ?? [])].join(', ')}`);
  // A message counts once it is settled on the disk, a moment after its caller was answered.
  await cutover.until(
    `the metrics of ${serviceOf(side)} show a connection and a message`,
    countedWithinS,
    async () => {
      const { status, body } = await ask(cutover, side, '/metrics');
      if (status !== 200) throw new Error(`/metrics of ${serviceOf(side)} answers ${status}`);
      const connected = /^telegram_gateway_connected(?:\{[^}]*\})? 1$/m.test(body);
      return connected && /^telegram_gateway_messages_total\{[^}]*outcome="sent"[^}]*\} [1-9]/m.test(body);
    },
  );
  say('  metrics: connected, messages sent');
}

/** Degraded is good enough: right after a start the dialogs are not walked yet. */
function isUp(health: Health | undefined): boolean {
  return health !== undefined && health.status !== 'down';
}

/** Once, however often it is tried. */
async function sendToSelf(cutover: Cutover, side: Side): Promise<void> {
  const words = `Vestnik has taken over from the old ${side} service.`;
  const body = side === 'text' ? textBody(words) : await mediaBody(words);
  const headers = { 'idempotency-key': `cutover-${cutover.journal.state.id}-${side}` };
  const answer = await ask(cutover, side, `/send_${side}`, { method: 'POST', headers, body });
  if (answer.status === 200) return;
  const { id, detail, not_before } = JSON.parse(answer.body) as Record<string, string | undefined>;
  if (answer.status === 202 && id) await ask(cutover, side, `/messages/${id}`, { method: 'DELETE' });
  const why = answer.status === 202 ? `it waits until ${not_before}` : (detail ?? '');
  throw new Error(`the message to oneself was not sent (${answer.status}): ${why}`);
}

function textBody(text: string): URLSearchParams {
  return new URLSearchParams({ to: 'me', text });
}

async function mediaBody(caption: string): Promise<FormData> {
  const form = new FormData();
  form.set('to', 'me');
  form.set('caption', caption);
  form.set('file', await openAsBlob(samplePhoto), 'photo.jpg');
  return form;
}
