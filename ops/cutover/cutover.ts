/** What every step is given: what was asked for, the machine, the journal and the two sides. */
import type { CutoverOptions, Side } from './arguments.ts';
import { newUnits } from './arguments.ts';
import { waitUntil, type Host } from './host.ts';
import type { Installed, Places } from './installed.ts';
import type { Journal } from './journal.ts';
import { Units } from './units.ts';

export interface CutoverParts {
  readonly options: CutoverOptions;
  readonly journal: Journal;
  readonly host: Host;
  readonly places: Places;
  /** Read anew each time, for it holds secrets that the journal may not. */
  readonly installed: () => Installed;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface Cutover extends CutoverParts {
  readonly units: Units;
  /** Waits until a service of this side may be started: some time after one of the other side was. */
  spacing(side: Side): Promise<void>;
  /** Waits until `probe` says yes. @throws Error after `seconds` */
  until(what: string, seconds: number, probe: () => Promise<boolean>): Promise<void>;
  /** Notes the start of a service, for `spacing`. */
  started(side: Side): void;
}

export function createCutover(parts: CutoverParts): Cutover {
  const { options, journal, host, places, say, signal } = parts;
  const allowed = [...Object.values(options.oldUnits), ...Object.values(newUnits)];
  return {
    ...parts,
    units: new Units(host, places.units, allowed, say),
    until: (what, seconds, probe) => waitUntil(host, what, seconds, signal, probe),
    started: (side) =>
      journal.update({ startedAt: { ...journal.state.startedAt, [side]: host.clock.now() } }),
    spacing: async (side) => {
      const last = journal.state.startedAt[side === 'text' ? 'media' : 'text'];
      if (last === undefined) return;
      // A clock that was set meanwhile makes it no longer than this.
      const waitMs = Math.min(last + options.pauseS * 1000 - host.clock.now(), options.pauseS * 1000);
      if (waitMs <= 0) return;
      say(`  waiting ${Math.ceil(waitMs / 1000)} s: the account's services are not restarted together`);
      await host.clock.sleep(waitMs, signal);
    },
  };
}
