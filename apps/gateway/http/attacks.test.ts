import { expect } from 'vitest';
import { describeAttacks } from '../../testkit/attacks/withstands-attacks.ts';
import { demoChat, startStack } from '../../testkit/stack.ts';
import { endpoints } from './endpoints.ts';

const changing = Object.keys(endpoints)
  .filter((endpoint) => !endpoint.startsWith('GET '))
  .map((endpoint) => endpoint.replace(':id', 'none').split(' ') as [string, string]);

const bodies = {
  text: { chat_id: demoChat, text: 'forged', wait: 0 },
  media: { chat_id: demoChat, base64: 'Zm9yZ2Vk', wait: 0 },
};

for (const gateway of ['text', 'media'] as const)
  describeAttacks(`the ${gateway} gateway`, {
    async start(whenDone) {
      const { gateway: client, sandbox } = await startStack(gateway, {}, whenDone);
      return {
        url: client.url,
        async expectNothingDone() {
          expect((await client.get('/messages')).body.messages).toEqual([]);
          expect((await sandbox.report()).delivered).toEqual([]);
          expect((await client.get('/stats')).body.queue).toMatchObject({ paused: false });
          expect((await client.get('/health')).status).toBe(200);
        },
      };
    },
    changing: [['POST', '/send'], ['POST', `/send_${gateway}`], ...changing],
    body: bodies[gateway],
    soundPath: '/send',
    reading: ['GET /messages', 'GET /peers', 'GET /health', 'POST /pause'],
  });
