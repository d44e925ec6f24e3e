/** The hash of a list, by which client and server see that both hold the same (core.telegram.org/api/offsets#hash-generation). */

/** Folds numbers into a signed 64-bit hash. */
export function hashOfNumbers(numbers: Iterable<bigint | number>): bigint {
  let hash = 0n;
  for (const number of numbers) {
    hash ^= hash >> 21n;
    hash = BigInt.asUintN(64, hash ^ (hash << 35n));
    hash ^= hash >> 4n;
    hash = BigInt.asUintN(64, hash + BigInt(number));
  }
  return BigInt.asIntN(64, hash);
}
