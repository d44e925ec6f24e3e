import { describe, expect, it } from 'vitest';
import { randomFrom } from '../kit/random.ts';
import { parseScenario } from './data-file.ts';
import { planTraffic, type Chats } from './traffic-plan.ts';

const chats: Chats = {
  known: Array.from({ length: 10 }, (_, index) => `k${index}`),
  bannable: ['b0', 'b1'],
  unknown: ['u0', 'u1'],
};

function plan(traffic: object, seed = 1) {
  const { phases } = parseScenario(
    JSON.stringify({ title: 't', world: { dialogs: 10 }, phases: [{ name: 'p', seconds: 100, traffic }] }),
  );
  return planTraffic(phases[0]!, chats, 5, randomFrom(seed));
}

describe('the traffic of a phase', () => {
  it('is the same for the same seed and another for another', () => {
    expect(plan({ per_second: 2 })).toEqual(plan({ per_second: 2 }));
    expect(plan({ per_second: 2 })).not.toEqual(plan({ per_second: 2 }, 2));
  });

  it('comes at its pace, numbered, with its shares', () => {
    const messages = plan({ per_second: 20, unknown_share: 0.25, banned_share: 0.25, media_share: 0.3 });
    expect(messages).toHaveLength(2000);
    expect(messages.slice(0, 3).map(({ number, afterMs }) => [number, afterMs])).toEqual([
      [5, 0],
      [6, 50],
      [7, 100],
    ]);
    const shareOf = (fits: (message: (typeof messages)[number]) => boolean) =>
      messages.filter(fits).length / 2000;
    expect(shareOf(({ recipient }) => recipient === 'unknown')).toBeCloseTo(0.25, 1);
    expect(shareOf(({ recipient }) => recipient === 'bannable')).toBeCloseTo(0.25, 1);
    expect(shareOf(({ gateway }) => gateway === 'media')).toBeCloseTo(0.3, 1);
    expect(shareOf(({ chatId, recipient }) => chatId[0] === recipient[0])).toBe(1);
  });

  it('goes to each chat equally often when it is even', () => {
    const messages = plan({ messages: 50, spread: 'even', chats: 5 });
    const counts = Map.groupBy(messages, ({ chatId }) => chatId);
    expect([...counts.values()].map(({ length }) => length)).toEqual([10, 10, 10, 10, 10]);
    expect(messages.every(({ afterMs }) => afterMs === 0)).toBe(true);
  });
});
