import { expect, it } from 'vitest';
import { whyUnreached } from './why-unreached.ts';

const address = '149.154.167.50:443';
const system = (code: string) =>
  new Error('no connection', { cause: Object.assign(new Error(code), { code }) });

it.each([
  [system('ECONNREFUSED'), 'refused', 'ECONNREFUSED'],
  [system('ENOTFOUND'), 'name_not_found', 'ENOTFOUND'],
  [system('EAI_AGAIN'), 'name_not_found', 'EAI_AGAIN'],
  [system('ENETUNREACH'), 'no_route', 'ENETUNREACH'],
  [system('ECONNRESET'), 'cut', 'ECONNRESET'],
  [
    new Error('no connection to a:1: no connection within 10000 ms'),
    'timeout',
    'no connection within 10000 ms',
  ],
  [new Error('users.getUsers: no answer within 15000 ms'), 'timeout', 'no answer within 15000 ms'],
  [new Error(`no connection to ${address}: Telegram answered -429 at ${address}`), 'transport', '-429'],
  [new Error('the server closed the connection in the key exchange'), 'cut', 'connection closed'],
  [new Error('what; (nobody) knows'), 'other', 'what,  ,nobody, knows'.replace(',  ,', ', ,')],
])('%s is %s', (error, cause, told) => {
  expect(whyUnreached(error, address)).toEqual({ cause, error: told, address });
});
