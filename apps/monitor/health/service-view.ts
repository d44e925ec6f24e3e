/** One service as the page and the API show it, put together from its supervisor and its own numbers. */
import { reasonOf, sentence, type Reason, type SentReason } from '../../kit/reason.ts';
import { portOf, type WatchedService } from '../model/services.ts';
import type { State, Supervised, Supervisor, Usage } from '../supervisors/supervisor.ts';
import { valueOf, type Samples } from './prometheus-text.ts';
import type { Scrape } from './gateway.ts';
import type { Flood } from './gateway-answers.ts';
import type { Alert } from './alert-rules.ts';

/** What `GET /api/services` has for each service; null is what the service does not offer. Times in ISO 8601. */
export interface ServiceView {
  readonly name: string;
  readonly label: string;
  readonly port: number;
  readonly supervisor: Supervisor['kind'];
  readonly state: State;
  /** Since when it is in that state, or has not answered. */
  readonly since: string | null;
  /** Why it is in that state, in words of the supervisor. */
  readonly state_detail: string | null;
  readonly state_causes: readonly SentReason[];
  readonly restarts: number | null;
  readonly uptime_s: number | null;
  readonly memory_bytes: number | null;
  /** Of one core. */
  readonly cpu_percent: number | null;
  readonly last_request_at: string | null;
  readonly last_sent_at: string | null;
  readonly cache_size: number | null;
  /** When the list of dialogs was last walked to its end. */
  readonly cache_warmed_at: string | null;
  readonly errors_by_class: Readonly<Record<string, number>> | null;
  /** While it has not answered three checks in a row, and until it answers two again. */
  readonly alert: Alert | null;
  /** A start or restart that waits for the account's other service to have run for a while. */
  readonly delayed: { readonly action: 'start' | 'restart'; readonly at: string } | null;
  /** Whether it answered when it was last asked. */
  readonly answers: boolean;
  /** What of its answers cannot be read, where it answers at all. */
  readonly faults: readonly string[];
  readonly fault_causes: readonly SentReason[];
  /** Why its lines are not read now; null while they are. */
  readonly unread_lines: string | null;
  readonly unread_causes: readonly SentReason[];
  /** What it does not have as a gateway has it, though it answers. */
  readonly lacks: Scrape['lacks'];
  readonly health: {
    readonly status: string;
    readonly reasons: readonly string[];
    readonly causes: readonly SentReason[];
  } | null;
  readonly queue: {
    readonly depth: number;
    readonly oldest_s: number | null;
    readonly paused: boolean;
  } | null;
  readonly floods: readonly Flood[] | null;
  readonly sandbox: boolean | null;
  readonly account: string | null;
  /** How the account stands with Telegram, as a gateway names it. */
  readonly account_state: string | null;
  readonly version: string | null;
  /** Whether it can be started and stopped from here, and why not. */
  readonly control: {
    readonly available: boolean;
    readonly reason: string | null;
    readonly causes: readonly SentReason[];
  };
  /** Whether it is never started and stopped from here, for the reason there. */
  readonly watched_only: boolean;
}

export interface ViewInput {
  readonly service: WatchedService;
  readonly supervisor: Pick<Supervisor, 'kind' | 'refusal'>;
  /** An error where the supervisor did not answer. */
  readonly supervised: Supervised | Error;
  readonly scrape: Scrape;
  /** The scrape before, for what is a difference. */
  readonly previous: Scrape | undefined;
  /** Since when the service has not answered, in milliseconds since the epoch. */
  readonly silentSince: number | null;
  readonly notes: ServiceNotes;
  /** What its supervisor says it uses, now and at the look before, for a service that says nothing itself. */
  readonly used: Usage | null;
  readonly usedBefore: Usage | null;
}

/** What the monitor itself knows of a service. */
export interface ServiceNotes extends Pick<ServiceView, 'alert' | 'delayed'> {
  /** Counted in its lines, for a service that counts none itself. */
  readonly loggedErrors: ServiceView['errors_by_class'];
  /** Why its lines are not read now; null while they are. */
  readonly unread: Reason | null;
}

export function createView(input: ViewInput): ServiceView {
  const { service, supervisor, supervised, scrape, previous, silentSince, notes } = input;
  const { loggedErrors, unread, ...shownNotes } = notes;
  const { health, stats, metrics, lacks, at } = scrape;
  const known = supervised instanceof Error ? undefined : supervised;
  const answers = health !== null || stats !== null || metrics !== null || lacks.length > 0;
  // Without a supervisor that knows, what answers runs; what does not may be anything.
  const faults = answers ? scrape.faults : [];
  const state = known && known.state !== 'unknown' ? known.state : answers ? 'running' : 'unknown';
  const unwilling = supervisor.refusal ?? known?.refusal ?? null;
  const refusal = supervised instanceof Error ? reasonOf(supervised) : unwilling;
  const silent = state === 'running' || state === 'unknown' ? silentSince : null;
  return {
    name: service.name,
    label: service.label,
    port: portOf(service),
    supervisor: supervisor.kind,
    state,
    since: toIso(silent ?? known?.since ?? null),
    state_detail: textOrNull(known?.detail),
    state_causes: known?.detail ? [known.detail] : [],
    restarts: known?.restarts ?? null,
    uptime_s: uptimeSeconds(known, scrape),
    memory_bytes: valueOf(metrics, 'process_resident_memory_bytes') ?? input.used?.memoryBytes ?? null,
    cpu_percent: cpuPercent(scrape, previous) ?? supervisedCpuPercent(input),
    last_request_at: stampOf(metrics, 'last_request') ?? stats?.last_request_at ?? null,
    last_sent_at: stampOf(metrics, 'last_sent') ?? health?.last_sent_at ?? null,
    cache_size: valueOf(metrics, 'telegram_gateway_peer_cache_entries') ?? stats?.cache?.size ?? null,
    cache_warmed_at: stampOf(metrics, 'peer_cache_warmed') ?? stats?.cache?.warmed_at ?? null,
    errors_by_class: errorsByClass(metrics, stats) ?? loggedErrors,
    ...shownNotes,
    unread_lines: textOrNull(unread),
    unread_causes: unread ? [unread] : [],
    answers,
    lacks,
    faults: faults.map(sentence),
    fault_causes: faults,
    health: healthOf(health),
    queue: queueOf(metrics, stats),
    floods: floodsOf(stats, at),
    sandbox: stats?.sandbox ?? health?.sandbox ?? null,
    account: service.account ?? stats?.account ?? null,
    account_state: health?.account_state?.state ?? null,
    version: stats?.version ?? null,
    control: {
      available: refusal === null,
      reason: textOrNull(refusal),
      causes: refusal ? [refusal] : [],
    },
    watched_only: unwilling !== null,
  };
}

function textOrNull(reason: Reason | null | undefined): string | null {
  return reason ? sentence(reason) : null;
}

function healthOf(health: Scrape['health']): ServiceView['health'] {
  if (health?.status == null) return null;
  const { status, reasons, causes } = health;
  return { status, reasons, causes };
}

function uptimeSeconds(known: Supervised | undefined, { at, metrics, stats }: Scrape): number | null {
  if (known?.state === 'stopped' || known?.state === 'failed') return null;
  if (known?.startedAt != null) return Math.max(0, Math.round((at - known.startedAt) / 1000));
  const started = valueOf(metrics, 'process_start_time_seconds');
  if (started !== null) return Math.max(0, Math.round(at / 1000 - started));
  return stats?.uptime_s ?? null;
}

/** Over the time since the previous scrape; at the first, and after a restart, since the process started. */
function cpuPercent(scrape: Scrape, previous: Scrape | undefined): number | null {
  const used = valueOf(scrape.metrics, 'process_cpu_seconds_total');
  const started = valueOf(scrape.metrics, 'process_start_time_seconds');
  if (used === null) return null;
  const usedBefore = previous && valueOf(previous.metrics, 'process_cpu_seconds_total');
  const sameProcess = previous && valueOf(previous.metrics, 'process_start_time_seconds') === started;
  if (usedBefore != null && sameProcess && used >= usedBefore && scrape.at - previous.at >= 500) {
    return round((100 * (used - usedBefore)) / ((scrape.at - previous.at) / 1000));
  }
  const age = started === null ? 0 : scrape.at / 1000 - started;
  return age > 0 ? round((100 * used) / age) : null;
}

function supervisedCpuPercent({ used, usedBefore, scrape, previous }: ViewInput): number | null {
  if (used?.cpuSeconds == null || usedBefore?.cpuSeconds == null || !previous) return null;
  const seconds = (scrape.at - previous.at) / 1000;
  const spent = used.cpuSeconds - usedBefore.cpuSeconds;
  return seconds < 0.5 || spent < 0 ? null : round((100 * spent) / seconds);
}

function errorsByClass(metrics: Samples | null, stats: Scrape['stats']): Record<string, number> | null {
  const counted = metrics?.get('telegram_gateway_errors_total');
  if (counted) {
    const entries = counted.map(({ labels, value }) => [labels.class ?? '', value] as const);
    return Object.fromEntries(entries.filter(([name, value]) => name !== '' && value > 0));
  }
  // A program of another kind may have metrics as well, and no word of errors in them.
  const isGateway = [...(metrics?.keys() ?? [])].some((name) => name.startsWith('telegram_gateway_'));
  return stats?.errors?.by_class ?? (isGateway ? {} : null);
}

function queueOf(metrics: Samples | null, stats: Scrape['stats']): ServiceView['queue'] {
  const depth = valueOf(metrics, 'telegram_gateway_queue_depth') ?? stats?.queue?.depth ?? null;
  if (depth === null) return null;
  return {
    depth,
    oldest_s: stats?.queue?.oldest_s ?? null,
    paused: stats?.queue?.paused ?? false,
  };
}

/** With the seconds that are left now. */
function floodsOf(stats: Scrape['stats'], at: number): ServiceView['floods'] {
  const floods = stats?.floods?.map((flood) => {
    const left = flood.until === null ? flood.seconds : Math.ceil((Date.parse(flood.until) - at) / 1000);
    return { ...flood, seconds: Math.max(0, left) };
  });
  return floods ?? null;
}

/** A gauge of seconds since the epoch as a time; 0 means never. */
function stampOf(
  metrics: Samples | null,
  what: 'last_request' | 'last_sent' | 'peer_cache_warmed',
): string | null {
  const seconds = valueOf(metrics, `telegram_gateway_${what}_timestamp_seconds`);
  return seconds === null || seconds <= 0 ? null : toIso(seconds * 1000);
}

function toIso(time: number | null): string | null {
  const date = new Date(time ?? NaN);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
