import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../apps/testkit/folder.ts';
import { createLogger } from '../../apps/kit/log.ts';
import { Release } from '../../apps/kit/release.ts';
import { Caller } from './caller.ts';
import { crash } from './crash.ts';
import { judge } from './verdict.ts';

it('kill -9 of either gateway or both, under load and without answers, loses nothing and repeats nothing', async () => {
  const release = new Release();
  onTestFinished(() => release.run(createLogger('test', 'fatal'), 20_000));
  const stopped = new AbortController();
  onTestFinished(() => stopped.abort());
  const logFile = join(temporaryFolder(), 'log');
  const result = await crash(
    { kills: 8, seed: 1, logFile, signal: stopped.signal, onKill: () => {} },
    release,
  );
  expect(result).toMatchObject({ moments: 8, lost: 0, repeated: 0, disordered: 0 });
  expect(result.accepted).toBeGreaterThan(20);
}, 180_000);

it('a message that is missing, there twice, or in front of an earlier one is found', () => {
  const caller = new Caller({ chat: '-1001', gateway: 'text', url: () => 'http://127.0.0.1:9' });
  for (const text of ['a', 'b', 'c'])
    caller.accepted.push({ id: text, key: text, shown: [text], path: '/', body: () => ({ data: '' }) });
  const verdictOn = (...texts: string[]) => {
    const delivered = texts.map((text, index) => ({
      account: '1',
      chat_id: '-1001',
      message_id: String(index),
      random_id: String(index),
      at: '',
      text,
    }));
    return judge([caller], { delivered, duplicates: 0 });
  };
  const sound = { lost: 0, repeated: 0, disordered: 0 };
  expect(verdictOn('a', 'b', 'c')).toMatchObject(sound);
  expect(verdictOn('a', 'c')).toMatchObject({ ...sound, lost: 1 });
  expect(verdictOn('a', 'b', 'b', 'c')).toMatchObject({ ...sound, repeated: 1 });
  expect(verdictOn('b', 'a', 'c')).toMatchObject({ ...sound, disordered: 1 });
});
