/** The media gateway: POST /send_media on 5023. */
import { startGateway } from '../gateway/gateway.ts';
import { readGatewayConfig } from '../gateway/settings.ts';
import { createLogger } from '../kit/log.ts';
import { run } from '../kit/run.ts';
import { createMediaSends } from './route.ts';

await run('send-media', async (env, release, startAnew) => {
  const config = readGatewayConfig(env, 'send-media', 5023);
  const log = createLogger('send-media', config.LOG_LEVEL);
  const addSends = createMediaSends(config);
  await startGateway({ gateway: 'media', config, log, release, startAnew, addSends });
  return { log };
});
