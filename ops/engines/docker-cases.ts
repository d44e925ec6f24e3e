/** What the socket proxy must not let pass, and other material of the Docker tests. */

/** A session string that no server knows: data centre 2 at 127.0.0.1:9, in Telethon's form. */
export const unusedSession = `1${Buffer.concat([
  Buffer.from([2, 127, 0, 0, 1, 0, 9]),
  Buffer.alloc(256, 7),
]).toString('base64url')}=`;

/** One request to the engine's API, its path sent as it stands. */
export interface Ask {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

/** For a container: makes the requests of its argument and prints their statuses. */
export const asksOfTheProxy = `
  import { request } from 'node:http';
  const ask = ({ method, path, body }) => new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length };
    const asked = request({ host: 'docker-proxy', port: 2375, method, path, headers }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode));
    });
    asked.once('error', reject).setTimeout(10_000, () => asked.destroy(new Error('no answer'))).end(body);
  });
  const statuses = [];
  for (const one of JSON.parse(process.argv[1])) statuses.push(await ask(one));
  console.log(JSON.stringify(statuses));
`;

/**
 * For Grafana's container: reads the datasource that it is given, asks it each expression of its argument over the
 * last minutes, as Grafana would, and prints those without an answer.
 */
export const askedByGrafana = `
  import { readFileSync } from 'node:fs';
  const file = readFileSync('/etc/grafana/provisioning/datasources/vestnik.yml', 'utf8');
  const url = process.env[/url: [$](\\w+)/.exec(file)[1]];
  const end = Date.now() / 1000;
  const missing = [];
  for (const query of JSON.parse(process.argv[1])) {
    const body = new URLSearchParams({ query, start: end - 300, end, step: 2 });
    const answer = await fetch(url + '/api/v1/query_range', { method: 'POST', body, signal: AbortSignal.timeout(5000) });
    const { data } = await answer.json();
    if (!data?.result.some(({ values }) => values.some(([, value]) => Number.isFinite(Number(value))))) missing.push(query);
  }
  console.log(JSON.stringify(missing));
`;

const text = '/containers/vestnik-send-text-1';
const privileged = JSON.stringify({ Privileged: true, Binds: ['/:/host'] });
const get = (path: string): Ask => ({ method: 'GET', path });
const post = (path: string, body?: string): Ask => ({
  method: 'POST',
  path,
  ...(body !== undefined && { body }),
});

export const refusedByTheProxy: readonly Ask[] = [
  // Everything that is not about a container of the list.
  ...[get('/_ping'), get('/version'), get('/info'), get('/events'), get('/containers/json')],
  ...[get('/images/json'), get('/volumes'), get('/networks'), get('/secrets'), get('/'), get('//')],
  post('/images/create?fromImage=busybox'),
  post('/containers/create', privileged),
  post('/build'),
  // Other containers, and names that only begin or end like one of the list.
  ...['monitor', 'sandbox', 'docker-proxy'].map((service) => get(`/containers/vestnik-${service}-1/json`)),
  ...['monitor', 'sandbox', 'docker-proxy'].map((service) => post(`/containers/vestnik-${service}-1/stop`)),
  get('/containers/vestnik-send-text-10/json'),
  get('/containers/xvestnik-send-text-1/json'),
  get(`${text}/../vestnik-monitor-1/json`),
  get(`${text}/json/../../vestnik-monitor-1/json`),
  get('/containers/vestnik-send-text-1%2f..%2fvestnik-monitor-1/json'),
  get('/containers//json'),
  // Everything else about a container of the list.
  ...[get(text), get(`${text}/archive?path=/data`), get(`${text}/export`), get(`${text}/top`)],
  ...[post(`${text}/exec`, '{"Cmd":["id"]}'), post(`${text}/attach?stream=1`), post(`${text}/update`, '{}')],
  ...[post(`${text}/kill`), post(`${text}/rename?name=other`), post(`${text}/pause`)],
  ...[
    { method: 'DELETE', path: text },
    { method: 'PUT', path: `${text}/archive?path=/app` },
  ],
  // Ways of starting that change what is started, and methods that do not belong to the path.
  post(`${text}/start`, privileged),
  post(`/v1.20${text}/start`, privileged),
  post(`/v1.41${text}/start`),
  post(`${text}/start?checkpoint=one&checkpoint-dir=/tmp`),
  post(`${text}/stop?signal=SIGKILL&t=1`),
  ...[get(`${text}/start`), post(`${text}/json`), { method: 'PUT', path: `${text}/stop` }],
];
