/** What starts, lookups and idle processes cost, as a table. */
import type { StartFigures } from './measure-starts.ts';

export function printStarts({ start, lookups, idleMb }: StartFigures): void {
  const count = (number: number) => number.toLocaleString('en');
  console.table({
    [`start with ${count(start.peers)} chats, s`]: { is: start.seconds.toFixed(2) },
    'dialog pages asked for': { is: start.dialogPages },
    [`one of ${count(lookups.peers)} chats by id, µs`]: { is: lookups.byIdUs.toFixed(1) },
    'by name, µs': { is: lookups.byNameUs.toFixed(1) },
    'gateway idle, MB': { is: Math.round(idleMb.gateway) },
    'monitor idle, MB': { is: Math.round(idleMb.monitor) },
    'sandbox idle, MB': { is: Math.round(idleMb.sandbox) },
  });
}
