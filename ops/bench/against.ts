/** What has changed since an earlier run: every number both have, and its change. */

/** Prints the numbers of `now` that differ from those of `earlier`, both as the JSON of a run. */
export function printChanges(earlier: unknown, now: unknown): void {
  const before = numbersOf(earlier);
  const rows = [...numbersOf(now)].flatMap(([name, value]) => {
    const was = before.get(name);
    if (was === undefined || was === value) return [];
    const change = was === 0 ? '' : `${((value / was - 1) * 100).toFixed(1)} %`;
    return [{ figure: name, earlier: rounded(was), now: rounded(value), change }];
  });
  console.table(rows);
}

/** Every number within, by its path. */
export function numbersOf(value: unknown, path = ''): Map<string, number> {
  if (typeof value === 'number') return new Map([[path, value]]);
  if (typeof value !== 'object' || value === null) return new Map();
  const entries = Object.entries(value).flatMap(([key, inner]) => [
    ...numbersOf(inner, path === '' ? key : `${path}.${key}`),
  ]);
  return new Map(entries);
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
