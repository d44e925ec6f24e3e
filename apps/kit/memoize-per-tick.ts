/** `read`, called at most once per turn of the event loop: everything in that turn sees the same value. */
export function memoizePerTick<T>(read: () => T): () => T {
  let last: { readonly value: T } | undefined;
  return () => {
    if (!last) {
      last = { value: read() };
      setImmediate(() => (last = undefined));
    }
    return last.value;
  };
}
