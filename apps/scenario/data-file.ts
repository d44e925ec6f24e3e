/** Scenarios as data: what a file of ops/scenarios may hold, checked whole before anything is started. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { faultsBody, limitsBody } from '../sandbox/http/schemas.ts';
import { StartError } from '../kit/run.ts';
import { measureNames } from './measure-names.ts';

const folder = join(import.meta.dirname, '../../ops/scenarios');

/** What the sandbox itself will take, so that it is not the sandbox that refuses it half-way. */
const takenBy = (body: z.ZodType) =>
  z.unknown().superRefine((value, context) => {
    for (const { path, message } of body.safeParse(value).error?.issues ?? [])
      context.addIssue({ code: 'custom', path, message });
  });

const seconds = z.number('takes seconds').min(0).max(86_400);
const share = z.number('takes a share from 0 to 1').min(0).max(1);
const count = z.int('takes a whole number').min(1).max(1_000_000);
const chats = z.union([count, z.literal('all')], 'takes a number of chats, or "all"');
const gateway = z.enum(['text', 'media'], 'takes "text" or "media"');

/** Everything that can be done to the stack; `extra` are the fields that say when. */
const actions = <Extra extends z.ZodRawShape>(extra: Extra) =>
  z.discriminatedUnion('do', [
    z.strictObject({ do: z.literal('cut'), ...extra }),
    z.strictObject({ do: z.literal('kill'), gateway, back_after_seconds: seconds.default(1), ...extra }),
    z.strictObject({
      do: z.literal('faults'),
      faults: takenBy(faultsBody),
      /** Whether the connections there are end at that moment too. */
      cut: z.boolean().default(false),
      ...extra,
    }),
    z.strictObject({ do: z.literal('limits'), limits: takenBy(limitsBody), ...extra }),
    z.strictObject({ do: z.literal('ban'), chats, ...extra }),
    z.strictObject({ do: z.literal('slow_mode'), chats, seconds, ...extra }),
    z.strictObject({ do: z.literal('revoke'), ...extra }),
  ]);

const action = actions({});
const atTime = actions({ at: seconds.optional(), every: seconds.min(0.1).optional() }).refine(
  ({ at, every }) => (at === undefined) !== (every === undefined),
  'takes either at or every',
);

const traffic = z
  .strictObject({
    /** Sent one after another at this pace … */
    per_second: z.number().positive().max(1000).optional(),
    /** … or so many as fast as they are taken. */
    messages: count.optional(),
    media_share: share.default(0),
    unknown_share: share.default(0),
    banned_share: share.default(0),
    /** How many of the known chats are written to, as the scenario's chances choose them. */
    chats: chats.default('all'),
    /** In turn, or as it falls. */
    spread: z.enum(['even', 'random'], 'takes "even" or "random"').default('random'),
    wait: z.number('takes seconds').min(0).max(300).default(30),
  })
  .refine(
    ({ per_second, messages }) => (per_second === undefined) !== (messages === undefined),
    'takes either per_second or messages',
  );

const phase = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'takes a word such as "storm"'),
  seconds: seconds,
  begin: z.array(action).default([]),
  traffic: traffic.optional(),
  timeline: z.array(atTime).default([]),
  end: z.array(action).default([]),
  /** How long every message may take to be final before the next phase begins; 0 does not wait. */
  settle_seconds: seconds.default(120),
});

const condition = z.union(
  [z.number(), z.strictObject({ at_most: z.number() }), z.strictObject({ at_least: z.number() })],
  'takes a number, {"at_most": n} or {"at_least": n}',
);

const scenario = z
  .strictObject({
    title: z.string().min(1).max(200),
    seed: z.int().min(0).default(1),
    /** Settings of both gateways. */
    settings: z
      .record(z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'takes names of settings'), z.string())
      .default({}),
    world: z.strictObject({
      dialogs: z.int().min(10).max(100_000),
      users: z.int().min(0).optional(),
      /** How many chats exist that are in no dialog of the account. */
      unknown: z.int().min(0).max(10_000).default(0),
    }),
    /** How many chats `ban` without "all" chooses from; no other traffic goes there. */
    bannable: z.int().min(0).max(10_000).default(0),
    begin: z.array(action).default([]),
    /** Whether the first phase waits until both gateways are healthy. */
    warm: z.boolean().default(true),
    phases: z.array(phase).min(1, 'takes at least one phase').max(20),
    expect: z.record(z.string(), condition).default({}),
  })
  .superRefine(({ phases, expect }, context) => {
    const names = measureNames(phases.map(({ name }) => name));
    for (const name of Object.keys(expect)) {
      if (names.includes(name)) continue;
      const message = `is not measured; there are ${names.join(', ')}`;
      context.addIssue({ code: 'custom', path: ['expect', name], message });
    }
  });

export type Scenario = z.output<typeof scenario>;
export type Phase = Scenario['phases'][number];
export type Traffic = z.output<typeof traffic>;
export type Action = z.output<typeof action>;
export type Condition = z.output<typeof condition>;
export type GatewayName = z.output<typeof gateway>;

/** The scenarios there are, each with its title. */
export function listScenarios(): { name: string; title: string }[] {
  return namesIn(folder).map((name) => ({ name, title: loadScenario(name).title }));
}

/** The scenario `name`, or the one in a file that ends in .json. @throws StartError naming each problem of the file */
export function loadScenario(name: string): Scenario {
  const isFile = name.endsWith('.json');
  if (!isFile && !namesIn(folder).includes(name)) {
    throw new StartError(`there is no scenario ${name}: there are ${namesIn(folder).join(', ')}`);
  }
  const file = isFile ? name : join(folder, `${name}.json`);
  try {
    return parseScenario(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new StartError(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** A scenario from the text of its file. @throws Error naming each problem */
export function parseScenario(text: string): Scenario {
  const result = scenario.safeParse(JSON.parse(text));
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`);
  throw new Error(problems.join('; '));
}

function namesIn(path: string): string[] {
  const files = readdirSync(path).filter((file) => file.endsWith('.json'));
  return files.map((file) => basename(file, '.json')).sort();
}
