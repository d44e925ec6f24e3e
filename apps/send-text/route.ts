/** POST /send_text: a text, or another thing without a file, to one chat. */
import { bodyTypes, readObject } from '../kit/bodies/body.ts';
import { BodyMemory } from '../kit/bodies/body-memory.ts';
import type { AddSends } from '../gateway/http/app.ts';
import { refuseQuery } from '../gateway/http/fields.ts';
import type { GatewayConfig } from '../gateway/settings.ts';

/** Lets the longest split text come in any script, also escaped as JSON and forms have it. */
const maxBytes = 2 * 1024 * 1024;

/** Puts the sends of texts on a router. */
export function createTextSends(config: Pick<GatewayConfig, 'BODY_MEMORY_MB'>): () => AddSends {
  const memory = new BodyMemory(config.BODY_MEMORY_MB);
  return () => (router, delivering, describe) => {
    const { schema } = delivering;
    const paths = ['/send_text', '/send'];
    describe({ paths, schema, summary: 'Send a text to one chat', types: bodyTypes });
    router.post(paths, async (ctx) => {
      refuseQuery(ctx, schema);
      const lease = memory.lease();
      const body = await readObject(ctx.req, { maxBytes, lease }).finally(() => lease.end());
      await delivering.answer(ctx, await delivering.accept(ctx, body));
    });
  };
}
