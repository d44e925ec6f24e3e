/** What the proxy before the engine's socket lets the monitor ask of which containers. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const [, assignment] = /- (CONTAINERS=\S+) exec haproxy/.exec(read('docker-compose.yml'))!;
const rules = [...read('ops/docker/haproxy.cfg').matchAll(/acl (\w+) path_reg "(.*)"/g)];

/** The rules as haproxy reads them, by name. */
function rulesFor(containers: string): Map<string, RegExp> {
  const script = `${assignment!.replace('$$', '$')}; printf %s "$CONTAINERS"`;
  const listed = execFileSync('bash', ['--norc', '-c', script], {
    env: { PATH: process.env.PATH, CONTAINERS: containers },
    encoding: 'utf8',
  });
  const patternOf = (rule: string) =>
    new RegExp(rule.replace('${CONTAINERS}', () => listed).replace('\\$', '$'));
  return new Map(rules.map(([, name, rule]) => [name!, patternOf(rule!)]));
}

it('only containers of exactly these names may be looked at, started and stopped', () => {
  const rules = rulesFor('shop.send-text-1|shop-send-media-1');
  expect([...rules.keys()]).toEqual(['looks', 'starts', 'stops']);
  for (const [rule, act] of [
    ['looks', 'json'],
    ['starts', 'start'],
    ['stops', 'restart'],
  ] as const) {
    const may = (name: string) => rules.get(rule)!.test(`/containers/${name}/${act}`);
    expect([may('shop.send-text-1'), may('shop-send-media-1')]).toEqual([true, true]);
    for (const name of [
      'shop-send-text-1',
      'shopXsend-text-1',
      'shop.send-text-11',
      'other',
      '.',
      'a/shop-send-media-1',
    ])
      expect([name, may(name)]).toEqual([name, false]);
  }
});
