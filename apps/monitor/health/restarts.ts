/** How often each service was started again by its supervisor lately, from the counts that were seen: in memory only. */
interface Seen {
  count: number;
  /** When restarts were seen, in milliseconds since the epoch, oldest first. */
  readonly times: number[];
}

/** A service that restarts more often is in trouble enough. */
const keptForEach = 100;

export class Restarts {
  readonly #byService = new Map<string, Seen>();

  /** Notes a supervisor's count; null where it keeps none. A count that went back has begun anew. */
  note(service: string, at: number, count: number | null): void {
    if (count === null) return;
    const seen = this.#byService.get(service) ?? { count, times: [] };
    const more = Math.min(Math.max(0, count - seen.count), keptForEach);
    seen.times.push(...Array.from({ length: more }, () => at));
    seen.times.splice(0, seen.times.length - keptForEach);
    this.#byService.set(service, { count, times: seen.times });
  }

  /** How many there were since a moment. */
  since(service: string, moment: number): number {
    return (this.#byService.get(service)?.times ?? []).filter((at) => at >= moment).length;
  }
}
