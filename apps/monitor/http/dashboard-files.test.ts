/** What of the page comes over the wire, through the monitor's real router. */
import { request, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { basic, getFrom } from '../testing/ask.ts';
import { startStand, type MonitorStand } from '../testing/stand-ins.ts';

let stand: MonitorStand;
beforeEach(async () => void (stand = await startStand()));
afterEach(() => stand.close());

describe('the files of the page', () => {
  it('come compressed to whoever takes that, and as they are to others', async () => {
    const plain = await raw('/dashboard/main.js', {});
    const compressed = await raw('/dashboard/main.js', { 'accept-encoding': 'gzip' });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(compressed.headers['content-encoding']).toBe('gzip');
    expect(compressed.headers.vary).toContain('Accept-Encoding');
    expect(compressed.bytes).toBeLessThan(plain.bytes);
  });

  it('tell with the page which scripts it imports, and have every one', async () => {
    const page = await (await getFrom(stand.url, '/')).text();
    const scripts = [...page.matchAll(/rel="modulepreload" href="([^"]+)"/g)].map(([, path]) => path!);
    expect(scripts).toContainEqual(expect.stringMatching(/\/main\.js$/));
    expect(scripts).not.toContainEqual(expect.stringMatching(/types\.js$/)); // Has nothing for a browser.
    const placeOf = (name: string) => scripts.findIndex((path) => path.endsWith(name));
    expect(placeOf('/panels.js')).toBeGreaterThan(placeOf('/main.js'));
    expect(placeOf('/errors/errors.js')).toBeGreaterThan(placeOf('/card.js'));
    expect(placeOf('/errors/errors.js')).toBeGreaterThan(placeOf('/locales/english.js'));
    for (const path of scripts) {
      const script = await getFrom(stand.url, path);
      expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
      const imports = [
        ...(await script.text()).matchAll(/^import .*? from '([^']+)'|await import\('([^']+)'\)/gm),
      ];
      for (const [, named, lazy] of imports) {
        const imported = new URL((named ?? lazy)!, stand.url + path).pathname;
        expect((await getFrom(stand.url, imported)).status, `${path} imports ${imported}`).toBe(200);
      }
    }
  });

  it('are kept by the browser for as long as none of them is another', async () => {
    const page = await getFrom(stand.url, '/');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const main = /src="([^"]+\/main\.js)"/.exec(await page.text())![1]!;
    const kept = await getFrom(stand.url, main);
    expect(kept.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
    const ofAnotherVersion = main.replace(/(?<=^\/files-)[^/]+/, 'before');
    for (const path of ['/dashboard/main.js', ofAnotherVersion]) {
      const asked = await getFrom(stand.url, path);
      expect(asked.headers.get('cache-control')).toBe('no-cache');
      expect(asked.headers.get('etag')).toBe(kept.headers.get('etag'));
    }
  });

  it('have the library for charts as a module, from this machine', async () => {
    const script = await getFrom(stand.url, '/dashboard/vendor/uplot.js');
    const source = Buffer.from(await script.text()).toString('base64');
    // It asks for the density of the screen when it is loaded.
    Object.assign(globalThis, { devicePixelRatio: 1 });
    const { default: uPlot } = (await import(`data:text/javascript;base64,${source}`)) as {
      default: unknown;
    };
    expect(uPlot).toBeTypeOf('function');
    expect((await getFrom(stand.url, '/dashboard/vendor/uplot.css')).headers.get('content-type')).toContain(
      'text/css',
    );
  });

  it('weigh less than 100 KB compressed, all together and with the charts', async () => {
    const inRussian = { authorization: basic(), 'accept-language': 'ru-RU,ru;q=0.9,en;q=0.8' };
    const page = await (await getFrom(stand.url, '/', inRussian)).text();
    const scripts = [...page.matchAll(/rel="modulepreload" href="([^"]+)"/g)].map(([, path]) => path!);
    expect(scripts).toContainEqual(expect.stringMatching(/\/locales\/ru\.js$/));
    expect(scripts).not.toContainEqual(expect.stringMatching(/\/locales\/en\.js$/));
    const styles = [...page.matchAll(/href="([^"]+\.(?:css|svg))"/g)].map(([, path]) => path!);
    let total = 0;
    for (const path of new Set([
      '/',
      ...scripts,
      ...styles,
      '/dashboard/vendor/uplot.js',
      '/dashboard/vendor/uplot.css',
    ])) {
      total += (await raw(path, { 'accept-encoding': 'gzip' })).bytes;
    }
    console.log(`all of the page, compressed: ${total} bytes`);
    expect(total).toBeLessThan(100_000);
  });
});

/** The answer as it came over the wire; fetch() would unpack it. */
function raw(
  path: string,
  headers: Record<string, string>,
): Promise<{ headers: IncomingHttpHeaders; bytes: number }> {
  return new Promise((resolve, reject) => {
    const options = { headers: { authorization: basic(), ...headers }, agent: false as const };
    const asked = request(stand.url + path, options, (answer) => {
      answer.setEncoding('latin1');
      text(answer).then((body) => resolve({ headers: answer.headers, bytes: body.length }), reject);
    });
    asked.once('error', reject).end();
  });
}
