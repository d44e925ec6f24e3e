/** The algorithms that account.getPassword offers for a new password (core.telegram.org/api/srp). */
import { randomBytes } from 'node:crypto';
import { dhGenerator, dhPrime } from '../mtproto/diffie-hellman.ts';
import type { TlObject } from '../tl/values.ts';

/** The fields of account.password that are there with and without a password. */
export function newAlgorithms() {
  const newAlgo: TlObject = {
    _: 'passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow',
    salt1: randomBytes(8),
    salt2: randomBytes(16),
    g: dhGenerator,
    p: dhPrime,
  };
  const newSecureAlgo: TlObject = {
    _: 'securePasswordKdfAlgoPBKDF2HMACSHA512iter100000',
    salt: randomBytes(8),
  };
  return { newAlgo, newSecureAlgo, secureRandom: randomBytes(256) };
}
