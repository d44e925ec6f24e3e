/** Makes a MONITOR_PASSWORD_HASH: asks for a password, or reads it from standard input, and prints its hash. */
import { createInterface } from 'node:readline/promises';
import { hashPassword } from './access/passwords.ts';

const asked = process.stdin.isTTY;
const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: asked });
const password = await terminal.question(asked ? 'Password: ' : '');
terminal.close();
if (password === '') throw new Error('an empty password would let everybody in');
process.stdout.write(`${await hashPassword(password)}\n`);
