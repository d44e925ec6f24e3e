/** Requests that nobody would write: each is answered, none with an error of the service, and none leaves a file. */
import fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { demoChat, startStack } from '../../testkit/stack.ts';
import { sample } from './testing/samples.ts';
import { shared } from '../../testkit/when-done.ts';

let stack: Awaited<ReturnType<typeof startStack>>;
beforeAll(shared(async (whenDone) => void (stack = await startStack('media', {}, whenDone))));

const word = fc.constantFrom(
  'photo',
  'voice',
  'auto',
  'none',
  'html',
  'file',
  'true',
  '{}',
  '[]',
  '[{"file"',
  '../a',
  '\0',
  '',
);
const anything = fc.oneof(
  word,
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(word),
  fc.object({ maxDepth: 1 }),
);
const bytes = fc.oneof(
  fc
    .constantFrom('photo.jpg', 'video.mp4', 'voice.ogg', 'song.mp3', 'clip.gif')
    .map((name) => sample(name).toString('base64')),
  fc.uint8Array({ maxLength: 64 }).map((data) => Buffer.from(data).toString('base64')),
);
const source = fc.oneof(
  fc.record({ base64: bytes }),
  fc.record({ base64: anything }),
  fc.record({
    media: fc.oneof(anything, fc.constantFrom('http://127.0.0.1/', 'http://[::1]/a', 'http://10.0.0.1/')),
  }),
  fc.record({ path: anything }),
  fc.record({ file: anything }),
);
const fields = [
  'kind',
  'caption',
  'filename',
  'mime_type',
  'spoiler',
  'thumbnail',
  'parse_mode',
  'silent',
  'album',
  'reply_to',
];
const extra = fc.dictionary(fc.constantFrom(...fields), anything, { maxKeys: 2 });
const item = fc.tuple(source, extra).map(([from, more]) => ({ ...from, ...more }));
const body = fc.oneof(item, fc.record({ album: fc.array(item, { maxLength: 11 }) }));

it('answers whatever it is asked, and leaves nothing', { timeout: 120_000 }, async () => {
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(body, async (asked) => {
      const { status, body: answer } = await stack.gateway.post('/send', {
        chat_id: demoChat,
        wait: 0,
        ...asked,
      });
      statuses.add(status);
      expect(answer).not.toMatchObject({ class: 'internal' });
      expect([200, 202, 400, 413, 422]).toContain(status);
    }),
    { numRuns: 150, seed: 7 },
  );
  expect(statuses).toContain(202);
  await expect
    .poll(() => readdirSync(join(stack.dataDir, 'spool/main/media')), { timeout: 60_000 })
    .toEqual([]);
});
