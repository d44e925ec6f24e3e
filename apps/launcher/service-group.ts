/** All services of the launcher: started in their order, reached by name, stopped together. */
import { StartError } from '../kit/run.ts';
import type { ServiceSpec } from './plan.ts';
import type { KeptService, ServiceStatus, StartOutcome } from './service.ts';

export interface Member {
  readonly spec: Pick<ServiceSpec, 'name' | 'after'>;
  readonly service: KeptService;
}

export class ServiceGroup {
  readonly #members: ReadonlyMap<string, Member>;
  #closing = false;

  constructor(members: readonly Member[]) {
    this.#members = new Map(members.map((member) => [member.spec.name, member]));
  }

  get names(): string[] {
    return [...this.#members.keys()];
  }

  statuses(): ServiceStatus[] {
    return [...this.#members.values()].map(({ service }) => service.status);
  }

  find(name: string): KeptService | undefined {
    return this.#closing ? undefined : this.#members.get(name)?.service;
  }

  /**
   * Starts every service, each as soon as those it needs are up, and resolves when all are.
   * @throws StartError with the last words of the first that went away before it was up
   */
  async startAll(): Promise<void> {
    const up = new Map<string, Promise<void>>();
    const start = (name: string): Promise<void> => {
      const known = up.get(name);
      if (known) return known;
      const { spec, service } = this.#members.get(name)!;
      const started = Promise.all(spec.after.map(start)).then(async () => {
        if (!this.#closing) mustBeUp(name, await service.start());
      });
      up.set(name, started);
      return started;
    };
    await Promise.all(this.names.map(start));
  }

  /** Stops all of them at the same time; nothing can be started afterwards. */
  async stopAll(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#members.values()].map(({ service }) => service.stop()));
  }
}

function mustBeUp(name: string, outcome: StartOutcome): void {
  if (!outcome.up) throw new StartError(explainExit(name, outcome));
}

/** In one sentence, why a service is not up: its own last words when it had any. */
export function explainExit(name: string, outcome: StartOutcome & { up: false }): string {
  const { exit } = outcome;
  if (exit === undefined) return `${name} was told to stop`;
  if (exit.message !== '') return exit.message;
  return `${name} ended (${exit.signal ?? `exit code ${exit.code}`}) before it was up`;
}
