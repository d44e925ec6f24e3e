/** The live counters and the address to connect to. */
import { byId, element } from './dom.js';
import { number, words } from './words.js';

/** @param {{delivered: number, duplicates: number, errors: number, flood_violations: number}} counters */
export function drawCounters(counters) {
  const cells = [
    [counters.delivered, words().delivered, ''],
    [counters.duplicates, words().repeated, ''],
    [counters.errors, words().errors, counters.errors > 0 ? 'warning' : ''],
    [counters.flood_violations, words().violations, counters.flood_violations > 0 ? 'error' : ''],
  ];
  byId('counters').replaceChildren(
    ...cells.map(([count, word, tone]) =>
      element(
        'div',
        { 'data-tone': tone, title: word },
        element('dd', {}, number(count)),
        element('dt', {}, word),
      ),
    ),
  );
}

/** @param {{port: number, dc: number, fingerprint: string}} connect */
export function drawConnect({ port, dc, fingerprint }) {
  const rows = [
    [words().address, `${location.hostname}:${port}`],
    [words().dataCentre, String(dc)],
    [words().key, fingerprint],
  ];
  byId('connect').replaceChildren(
    ...rows.flatMap(([name, value]) => [
      element('dt', {}, name),
      element('dd', {}, element('code', {}, value)),
    ]),
  );
}
