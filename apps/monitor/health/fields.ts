/** Fields of JSON that came from elsewhere: the value where it has the expected type, else null. */
function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}

/** A finite number. */
export function numberAt(value: unknown, ...path: string[]): number | null {
  const found = at(value, path);
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}

export function stringAt(value: unknown, ...path: string[]): string | null {
  const found = at(value, path);
  return typeof found === 'string' ? found : null;
}

/** A date in a form that pages can read. */
export function timeAt(value: unknown, ...path: string[]): string | null {
  const found = stringAt(value, ...path);
  return found === null || Number.isNaN(Date.parse(found)) ? null : found;
}

export function booleanAt(value: unknown, ...path: string[]): boolean | null {
  const found = at(value, path);
  return typeof found === 'boolean' ? found : null;
}

export function arrayAt(value: unknown, ...path: string[]): unknown[] | null {
  const found = at(value, path);
  return Array.isArray(found) ? found : null;
}

/** An object that is not an array. */
export function objectAt(value: unknown, ...path: string[]): Record<string, unknown> | null {
  const found = at(value, path);
  return typeof found === 'object' && found !== null && !Array.isArray(found)
    ? (found as Record<string, unknown>)
    : null;
}
