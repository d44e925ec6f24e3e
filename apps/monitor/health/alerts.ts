/**
 * The alerts of all services and the notices of them that still have to be sent, in one file that is replaced as a
 * whole: a restart neither forgets an alert nor sends it twice.
 */
import { StateFile } from '../files/state-file.ts';
import type { HealthCheck } from './check.ts';
import { afterCheck, noMisses, type Alert, type AlertChange, type AlertState } from './alert-rules.ts';

/** A notice of an alert on its way to the webhook. */
export interface Notice {
  /** The same for every try. */
  readonly id: string;
  readonly service: string;
  readonly change: AlertChange;
  readonly attempts: number;
  /** Milliseconds since the epoch, as all times here. */
  readonly madeAt: number;
  readonly dueAt: number;
}

interface Kept {
  readonly services: Readonly<Record<string, AlertState>>;
  readonly notices: readonly Notice[];
}

/** More would mean months without a network; the oldest go. */
const mostNotices = 500;

export class Alerts {
  readonly #file: StateFile<Kept>;
  readonly #hasWebhook: boolean;
  readonly #states: Map<string, AlertState>;
  #notices: readonly Notice[];

  private constructor(file: StateFile<Kept>, kept: Kept, services: readonly string[], hasWebhook: boolean) {
    this.#file = file;
    this.#hasWebhook = hasWebhook;
    this.#states = new Map(services.map((name) => [name, kept.services[name] ?? noMisses]));
    this.#notices = hasWebhook ? kept.notices : [];
  }

  /** Opens what is kept in `file`; without a webhook no notice is kept. */
  static async open(file: string, services: readonly string[], hasWebhook: boolean): Promise<Alerts> {
    const opened = await StateFile.open<Kept>(file, { services: {}, notices: [] });
    return new Alerts(opened.file, opened.value, services, hasWebhook);
  }

  /** The alert of a service; null when there is none. */
  of(service: string): Alert | null {
    return this.#states.get(service)?.alert ?? null;
  }

  /** The notice to be sent first: they go out in the order they were made. */
  get next(): Notice | undefined {
    return this.#notices[0];
  }

  /** Counts a check. @returns what it changed; on disk once `written` resolves */
  count(service: string, check: HealthCheck): { change: AlertChange | undefined; written: Promise<void> } {
    const before = this.#states.get(service) ?? noMisses;
    const { state, change } = afterCheck(before, check);
    this.#states.set(service, state);
    if (change && this.#hasWebhook) this.#notices = [...this.#notices, noticeOf(service, change)];
    this.#notices = this.#notices.slice(-mostNotices);
    const isNew = state !== before;
    return { change, written: isNew ? this.#write() : Promise.resolve() };
  }

  /** Takes a notice off the list: it was delivered or given up. */
  async done(notice: Notice): Promise<void> {
    this.#notices = this.#notices.filter(({ id }) => id !== notice.id);
    await this.#write();
  }

  async postpone(notice: Notice, dueAt: number): Promise<void> {
    const later = { ...notice, attempts: notice.attempts + 1, dueAt };
    this.#notices = this.#notices.map((each) => (each.id === notice.id ? later : each));
    await this.#write();
  }

  #write(): Promise<void> {
    return this.#file.write({ services: Object.fromEntries(this.#states), notices: this.#notices });
  }
}

function noticeOf(service: string, change: AlertChange): Notice {
  const madeAt = Date.parse(change.type === 'began' ? change.alert.began_at : change.at);
  const id = `${service}-${Date.parse(change.alert.began_at)}-${change.type}`;
  return { id, service, change, attempts: 0, madeAt, dueAt: madeAt };
}
