/** What fast-check makes of a day on which anything may happen. */
import fc from 'fast-check';
import type { Paces } from '../../pacing/pacer.ts';
import { targets, type Fault } from './simulated-telegram.ts';
import { gatewayNames, type Happening } from './simulation.ts';

const gateway = fc.constantFrom(...gatewayNames);
const target = fc.constantFrom(...targets);
const chatId = fc.option(fc.constantFrom('1', '-1000000000005', '-40', '777'), { nil: undefined });
const pick = fc.nat(6);
const seconds = (most: number) => fc.integer({ min: 1, max: most }).map((value) => value * 1000);

const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Fault>('lost', 'unanswered', 'slow') },
  {
    weight: 3,
    arbitrary: fc.constantFrom('RPC_CALL_FAIL', 'Timedout').map((error) => ({ error, code: 500 })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('USER_BANNED_IN_CHANNEL', 'CHAT_WRITE_FORBIDDEN')
      .map((error) => ({ error, code: 400 })),
  },
);

const methodScope = fc
  .constantFrom(
    'messages.sendMessage',
    'messages.sendMedia',
    'messages.sendMultiMedia',
    'contacts.resolveUsername',
  )
  .map((method) => `method:${method}`);
const chatScope = fc.constantFrom('chat:1', 'chat:-1000000000005');

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      does: fc.constant('accept' as const),
      gateway,
      target,
      parts: fc.constantFrom(1, 1, 2),
      expiresInS: fc.constantFrom(86_400, 2),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      does: fc.constant('pass' as const),
      ms: fc.constantFrom(0, 1, 100, 900, 3_000, 7_000),
    }),
  },
  { weight: 6, arbitrary: fc.record({ does: fc.constant('break' as const), fault, chatId }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('close' as const),
      scope: fc.oneof(methodScope, chatScope),
      ms: seconds(20),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('kill' as const), gateway }) },
  { weight: 6, arbitrary: fc.record({ does: fc.constantFrom('cancel' as const, 'retry' as const), pick }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('become' as const),
      gateway,
      phase: fc.constantFrom(
        'connecting' as const,
        'ready' as const,
        'ready' as const,
        'signed_out' as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constantFrom(
        'pause' as const,
        'resume' as const,
        'resume' as const,
        'fill_disk' as const,
        'free_disk' as const,
      ),
      gateway,
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('walk' as const) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('restart' as const), gateway }) },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('slow_network' as const),
      latencyMs: fc.constantFrom(0, 200, 2_500),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Happening>(
      { does: 'migrate' },
      { does: 'close', scope: 'strangers', ms: 30_000 },
    ),
  },
);

/** Both tight and none: what waits for turns meets what does not. */
export const paces: fc.Arbitrary<Paces> = fc.constantFrom(
  { chatPerS: 1, groupPerMin: 4, accountPerS: 4 },
  { chatPerS: 1, groupPerMin: 20, accountPerS: 20 },
  { chatPerS: 0, groupPerMin: 0, accountPerS: 0 },
);

export const happenings = fc.array(happening, { minLength: 1, maxLength: 40, size: 'max' });
