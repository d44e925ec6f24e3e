import { expect } from 'vitest';
import { describeAttacks } from '../../testkit/attacks/withstands-attacks.ts';
import { basic, getFrom } from '../testing/ask.ts';
import { startStand } from '../testing/stand-ins.ts';

const service = '/api/services/send-text';
const procedure = '/api/procedures/clear-flood-wait';
const actions = ['start', 'stop', 'restart', 'reload-cache', 'pause', 'resume', 'messages/retry'];
const posts = [...actions.map((action) => `${service}/${action}`), procedure, '/api/diagnostics'];

for (const confirm of ['stop', 'clear-flood-wait'])
  describeAttacks(`the monitor, of somebody who confirms ${confirm},`, {
    async start(whenDone) {
      const stand = await startStand();
      whenDone(() => stand.close());
      return {
        url: stand.url,
        async expectNothingDone() {
          expect([stand.launcher.asked, stand.text.asked, stand.media.asked]).toEqual([[], [], []]);
          expect(await (await getFrom(stand.url, '/api/audit')).json()).toEqual([]);
          expect((await getFrom(stand.url, '/api/services')).status).toBe(200);
        },
      };
    },
    changing: [
      ...posts.map((path) => ['POST', path] as const),
      ['POST', `${service}/messages/m/retry`],
      ['DELETE', procedure],
      ['DELETE', `${service}/messages/m`],
    ],
    body: { confirm },
    soundPath: confirm === 'stop' ? `${service}/stop` : procedure,
    reading: ['GET /', 'GET /api/state', 'GET /api/logs', 'GET /health', 'GET /metrics'],
    authorization: basic(),
  });
