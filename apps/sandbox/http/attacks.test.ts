import { expect } from 'vitest';
import { describeAttacks } from '../../testkit/attacks/withstands-attacks.ts';
import { startSandbox } from '../../testkit/sandbox.ts';

const paths = ['/faults', '/limits', '/world', '/reset', '/incoming', '/accounts', '/schedule'];
const posts = [...paths, '/sessions/revoke', '/login-tokens/accept'];

describeAttacks('the sandbox', {
  async start(whenDone) {
    const sandbox = await startSandbox({}, whenDone);
    const read = ['/faults', '/limits', '/world', '/accounts', '/report'];
    const state = () => Promise.all(read.map((path) => sandbox.get(path)));
    const before = await state();
    return {
      url: `http://127.0.0.1:${sandbox.httpPort}`,
      expectNothingDone: async () => expect(await state()).toEqual(before),
    };
  },
  changing: [...posts.map((path) => ['POST', path] as const), ['PATCH', '/world']],
  body: { error: 'PEER_FLOOD' },
  soundPath: '/faults',
  reading: ['GET /', 'GET /report', 'GET /accounts', 'GET /api/chats'],
});
