/** Media over TLS: the address that was checked is connected to, and must prove to be the name that was asked for. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { fetchUrl, type FetchRules } from './fetch-url.ts';

/** A certificate for `name`, signed by its own key. */
function certificateFor(name: string) {
  const folder = temporaryFolder();
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
  execFileSync('openssl', ['req', ...kind, ...names, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

/** The port of a server with that certificate. */
async function serveTls(
  certificate: { key: string; cert: string },
  answer: RequestListener,
): Promise<number> {
  const server = createServer(certificate, answer);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const checked: string[] = [];
function get(url: string, ca?: string) {
  const rules: FetchRules = {
    maxBytes: 1000,
    isAllowed: (address) => checked.push(address) > 0,
    resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
    ...(ca !== undefined && { ca }),
  };
  return fetchUrl('media', url, rules, buffer, new AbortController().signal);
}

it('connects to the address that it checked, and asks there for the name of the URL', async () => {
  const certificate = certificateFor('media.example');
  const port = await serveTls(certificate, ({ headers, socket }, response) =>
    response.end(`${headers.host} ${(socket as TLSSocket & { servername: string }).servername}`),
  );
  checked.length = 0;
  const { kept } = await get(`https://media.example:${port}/a.jpg`, certificate.cert);
  expect(kept.toString()).toBe(`media.example:${port} media.example`);
  expect(checked).toEqual(['127.0.0.1']);
});

it('refuses a server whose certificate is for another name', async () => {
  const certificate = certificateFor('other.example');
  const port = await serveTls(certificate, (_, response) => response.end('secret'));
  await expect(get(`https://media.example:${port}/?token=secret`, certificate.cert)).rejects.toMatchObject({
    class: 'media_invalid',
    message: `media cannot be fetched from media.example:${port}: its certificate is for another name`,
  });
});

it('refuses a server whose certificate nobody vouches for', async () => {
  const port = await serveTls(certificateFor('media.example'), (_, response) => response.end('secret'));
  await expect(get(`https://media.example:${port}/`)).rejects.toMatchObject({
    class: 'media_invalid',
    message: expect.stringContaining('its certificate is signed by nobody this machine trusts'),
  });
});
