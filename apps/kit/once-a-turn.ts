/** `read`, called at most once in a turn of the event loop: what all that happens in it goes by. */
export function onceATurn<T>(read: () => T): () => T {
  let last: { readonly value: T } | undefined;
  return () => {
    if (!last) {
      last = { value: read() };
      setImmediate(() => (last = undefined));
    }
    return last.value;
  };
}
