/** What a scenario can measure and expect: names, what they mean, and their units. */

export interface MeasureKind {
  readonly label: string;
  readonly unit: '' | 'ms' | 's' | 'MB';
}

/** Over the whole scenario. */
export const wholeMeasures = {
  messages: { label: 'messages asked for', unit: '' },
  lost: { label: 'lost: said to be sent, or accepted and forgotten', unit: '' },
  repeated: { label: 'delivered more than once', unit: '' },
  out_of_order: { label: 'delivered out of order within a chat', unit: '' },
  contradicted: { label: 'answered as failed, yet delivered', unit: '' },
  unsettled: { label: 'not final at the end', unit: '' },
  undelivered: { label: 'resolvable, but not delivered', unit: '' },
  misanswered: { label: 'others not answered with their class', unit: '' },
  internal_errors: { label: 'answers with status 500', unit: '' },
  flood_violations: { label: 'flood violations', unit: '' },
  flood_waits: { label: 'waits received', unit: '' },
  dialog_pages: { label: 'dialog pages read', unit: '' },
  dialog_waits: { label: 'waits received for dialog pages', unit: '' },
  state_calls: { label: 'getState and difference calls', unit: '' },
  send_calls_per_message: { label: 'send calls for each message', unit: '' },
  refusal_p99_ms: { label: 'others answered, walk whole: p99', unit: 'ms' },
  refusal_max_ms: { label: 'others answered, walk whole: slowest', unit: 'ms' },
  accepting_after_s: { label: 'start to accepting', unit: 's' },
  start_cpu_s: { label: 'processor time of a gateway until accepting', unit: 's' },
  able_after_s: { label: 'start to health 200', unit: 's' },
  healthy_after_s: { label: 'start to health ok', unit: 's' },
  recovered_after_s: { label: 'slowest return to health 200 after an event', unit: 's' },
  told_down_after_s: { label: 'slowest to tell that Telegram or the session is gone', unit: 's' },
  first_out_after_s: { label: 'restart to the first delivery, slowest', unit: 's' },
  delivery_p50_ms: { label: 'asked to delivered: p50', unit: 'ms' },
  delivery_p99_ms: { label: 'asked to delivered: p99', unit: 'ms' },
  others_p99_rise: { label: 'p99 of other chats, slow mode to without', unit: '' },
} as const satisfies Record<string, MeasureKind>;

/** Of one phase: `name.phase`. */
export const phaseMeasures = {
  delivery_p50_ms: { label: 'asked to delivered: p50', unit: 'ms' },
  delivery_p99_ms: { label: 'asked to delivered: p99', unit: 'ms' },
  flood_waits: { label: 'waits received', unit: '' },
  took_s: { label: 'first asked to last delivered', unit: 's' },
  time_over_least: { label: 'time over the least possible', unit: '' },
  memory_growth_mb: { label: 'memory of a gateway, rise', unit: 'MB' },
} as const satisfies Record<string, MeasureKind>;

export type WholeMeasure = keyof typeof wholeMeasures;
export type PhaseMeasure = keyof typeof phaseMeasures;

/** Every name that `expect` may use in a scenario with these phases. */
export function measureNames(phases: readonly string[]): string[] {
  const ofPhases = Object.keys(phaseMeasures).flatMap((name) => phases.map((phase) => `${name}.${phase}`));
  return [...Object.keys(wholeMeasures), ...ofPhases];
}

/** What a name stands for. */
export function kindOf(name: string): MeasureKind {
  const [measure, phase] = name.split('.') as [string, string | undefined];
  if (phase === undefined) return wholeMeasures[measure as WholeMeasure];
  const { label, unit } = phaseMeasures[measure as PhaseMeasure];
  return { label: `${phase}: ${label}`, unit };
}
