/** The schedule: limits, faults, changes of the world, cut connections and revoked sessions, each at its time. */
import Router from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { Problem } from '../../kit/errors.ts';
import type { LimitsDefinition } from '../control/limits.ts';
import { randomFrom } from '../../kit/random.ts';
import type { SandboxState } from '../world/state.ts';
import type { PlannedStep } from '../control/timetable.ts';
import { bodyOf, sendJson, type Json } from './body.ts';
import { changeWorld, checkWorldChange, revokeSessions } from './changes.ts';
import { faultsBody, limitsBody, revokeBody, seconds, worldChange } from './schemas.ts';
import type { FaultsBody, RevokeBody, WorldChange } from './schemas.ts';

/** A step as it is posted: when, and the bodies of the endpoints that do the same at once. */
export interface StepDefinition {
  after_seconds: number;
  /** The step comes up to so much later, by a chance that the seed repeats. */
  jitter_seconds?: number | undefined;
  limits?: LimitsDefinition | undefined;
  faults?: FaultsBody | undefined;
  world?: WorldChange | undefined;
  /** Ends all connections. */
  cut?: true | undefined;
  revoke?: RevokeBody | undefined;
}

interface Schedule {
  seed: number;
  steps: StepDefinition[];
}

const maxSteps = 1000;

const step: z.ZodType<StepDefinition> = z
  .strictObject({
    after_seconds: seconds,
    jitter_seconds: seconds.optional(),
    limits: limitsBody.optional(),
    faults: faultsBody.optional(),
    world: worldChange.optional(),
    cut: z.literal(true, 'takes true').optional(),
    revoke: revokeBody.optional(),
  })
  .refine(
    ({ limits, faults, world, cut, revoke }) => limits ?? faults ?? world ?? cut ?? revoke,
    'takes at least one of limits, faults, world, cut and revoke',
  );

const scheduleBody: z.ZodType<Schedule> = z.strictObject({
  seed: z.int('takes a whole number').min(0).default(1),
  steps: z.array(step, 'takes a list of steps').max(maxSteps),
});

/** The routes of the schedule. */
export function scheduleRoutes(state: SandboxState): Router {
  const router = new Router();
  const { timetable } = state;
  const send = (context: Context) => sendJson(context, { steps: timetable.all().map(stepView) });

  router.get('/schedule', send);
  router.post('/schedule', async (context) => {
    const { seed, steps } = await bodyOf(context, scheduleBody);
    steps.forEach(({ world }, index) => world && checkStep(state, world, `steps.${index}.world`));
    const random = randomFrom(seed);
    timetable.replace(
      steps.map((definition) => ({
        definition,
        afterMs: 1000 * (definition.after_seconds + random() * (definition.jitter_seconds ?? 0)),
        act: () => carryOut(state, definition, seed),
      })),
    );
    send(context);
  });

  return router;
}

/** What is wrong is told when the schedule is set, not when its time has come. */
function checkStep(state: SandboxState, world: WorldChange, field: string): void {
  try {
    checkWorldChange(state, world);
  } catch (error) {
    throw new Problem('bad_request', `${field}: ${(error as Error).message}`, { field });
  }
}

function carryOut(state: SandboxState, definition: StepDefinition, seed: number): void {
  const { limits, faults, world, cut, revoke } = definition;
  if (limits) state.limits.replace(limits);
  if (faults) state.faults.replace(faults.faults, faults.seed ?? seed);
  if (world) changeWorld(state, world);
  if (revoke) revokeSessions(state, revoke);
  if (cut) state.cutConnections();
}

/** A step as `GET /schedule` answers it. */
export type StepJson = Json<ReturnType<typeof stepView>>;

function stepView({ definition, at, state, error }: PlannedStep) {
  return { at: new Date(at).toISOString(), state, error, ...(definition as StepDefinition) };
}
