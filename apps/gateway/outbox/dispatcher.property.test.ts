import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { happenings, paces } from './testing/happenings.ts';
import { incidents } from './testing/incidents.ts';
import { problemsOf } from './testing/judge.ts';
import { Simulation } from './testing/simulation.ts';

const numRuns = Number(process.env.PROPERTY_RUNS ?? 400);
const seed = Number(process.env.PROPERTY_SEED ?? 20260220);

it('keeps the order, passes no closed gate, loses and repeats nothing, whatever happens', async () => {
  const file = join(temporaryFolder(), 'vestnik.db');
  let runs = 0;
  const property = fc.asyncProperty(paces, happenings, async (pace, script) => {
    const simulation = new Simulation(file, `run${++runs}`, pace);
    await simulation.start();
    try {
      for (const happening of script) await simulation.happens(happening);
      const isCalm = await simulation.calmDown();
      expect(problemsOf(simulation)).toEqual([]);
      expect(isCalm).toBe(true);
    } finally {
      simulation.end();
    }
  });
  await fc.assert(property, { numRuns, seed, examples: incidents });
}, 300_000);
