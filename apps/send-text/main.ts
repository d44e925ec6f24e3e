/** The text gateway: POST /send_text on 5022. */
import { startGateway } from '../gateway/gateway.ts';
import { readGatewayConfig } from '../gateway/settings.ts';
import { createLogger } from '../kit/log.ts';
import { run } from '../kit/run.ts';
import { createTextSends } from './route.ts';

await run('send-text', async (env, release, startAnew) => {
  const config = readGatewayConfig(env, 'send-text', 5022);
  const log = createLogger('send-text', config.LOG_LEVEL);
  const addSends = createTextSends(config);
  await startGateway({ gateway: 'text', config, log, release, startAnew, addSends });
  return { log };
});
