/** What browsers send for pages of other sites, and for names that such pages let resolve to this machine. */

/** Headers of a request that changes something; `host` is the service's own, with its port. */
export function foreignPages(host: string): readonly Record<string, string>[] {
  const evil = 'https://evil.example';
  return [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', origin: evil, referer: `${evil}/a` },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-user': '?1' },
    { 'sec-fetch-site': 'cross-site', origin: `http://${host}` },
    { 'sec-fetch-site': 'same-origin, cross-site' },
    { 'sec-fetch-site': 'Same-Origin' },
    { origin: evil },
    { origin: evil, referer: `http://${host}/` },
    { origin: evil, 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    { origin: 'null' },
    { origin: 'file://' },
    { origin: 'chrome-extension://abcdefgh' },
    { origin: 'http://127.0.0.1' },
    { origin: 'http://localhost:1' },
    { origin: `http://${host}.evil.example` },
    { origin: `http://${host}@evil.example` },
    { origin: `http://evil.example/?http://${host}` },
    { origin: `http://evil.example#${host}` },
    { origin: `http://${host}, ${evil}` },
    { origin: host },
  ];
}

/** The bodies that a page may send without asking first, and JSON, each with its Content-Type. */
export function simpleBodies(fields: Record<string, unknown>): readonly (readonly [string, string])[] {
  const pairs = Object.entries(fields).map(([name, value]) => [name, String(value)] as const);
  const parts = pairs.map(
    ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return [
    ['application/json', JSON.stringify(fields)],
    ['text/plain', JSON.stringify(fields)],
    ['text/plain;application/json', JSON.stringify(fields)],
    ['application/x-www-form-urlencoded', new URLSearchParams(pairs.map((pair) => [...pair])).toString()],
    ['multipart/form-data; boundary=b', `${parts.join('')}--b--\r\n`],
    ['', JSON.stringify(fields)],
  ];
}

/** Values of Host under which no service on loopback is known. */
export function foreignHosts(port: number): readonly string[] {
  return [
    ...['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', `localhost.evil.example:${port}`],
    ...[
      'evil.example.localhost',
      'evil-localhost',
      'localhost.',
      '127.0.0.1.',
      `localhost:${port}.evil.example`,
    ],
    ...[
      '127.0.0.1@evil.example',
      `evil.example@127.0.0.1:${port}`,
      'evil.example#127.0.0.1',
      'evil.example/127.0.0.1',
    ],
    ...['127.0.0.1, evil.example', '127.0.0.1 evil.example', '127.1', '2130706433', '0x7f.1', '0.0.0.0'],
    ...['192.168.1.7', '169.254.169.254', '[::2]', '[::ffff:127.0.0.1]', '127.0.0.2', `127.0.0.1:${port}:80`],
    ...['*', '""', '<script>', 'xn--lcalhost-6bd'],
    '',
  ];
}
