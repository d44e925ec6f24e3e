/** Under Compose all listen on every address: each answers to the name by which the others ask it. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const compose = read('docker-compose.yml');

it('every name that one container asks another by over HTTP is allowed there as a Host', () => {
  const scraped = ['gateways', 'monitor'].flatMap((job) => [
    ...read(`ops/prometheus/targets-docker/${job}.yml`).matchAll(/'([\w-]+):\d+'/g),
  ]);
  const watched = compose.matchAll(/"http:\/\/([\w-]+):\d+"/g);
  const names = new Set([...scraped, ...watched].map(([, name]) => name!));
  expect(names).toEqual(new Set(['send-text', 'send-media', 'monitor']));
  for (const name of [...names, 'sandbox']) {
    const setting = `${name.toUpperCase().replace('-', '_')}_ALLOWED_HOSTS`;
    expect(compose).toContain(`${setting}: ${name}\${ALLOWED_HOSTS:+,\${ALLOWED_HOSTS:-}}\n`);
  }
});
