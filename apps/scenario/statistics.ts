/** The few figures that a report is made of. */

/** The value that the share `q` of the values does not exceed; undefined without values. */
export function quantile(values: readonly number[], q: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * q) - 1)];
}

/** The largest value; undefined when one of them is unknown, or there is none. */
export function largest(values: readonly (number | undefined)[]): number | undefined {
  if (values.length === 0 || values.includes(undefined)) return undefined;
  return (values as number[]).reduce((a, b) => Math.max(a, b));
}
