/** The files of the page, read and compressed once at start; only what was found there can be asked for. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Middleware } from 'koa';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

interface File {
  readonly body: Buffer;
  readonly gzipped: Buffer;
  readonly type: string;
  readonly etag: string;
}

/** Serves the pages, styles, scripts and drawings in `dir` and below, and the library for charts. */
export async function dashboardFiles(dir: URL): Promise<Middleware> {
  const files = new Map((await Promise.all([readAll(fileURLToPath(dir)), readCharts()])).flat());
  // What the page needs is told with it, what it is drawn with first, so that the browser need not find it out.
  const named = (extension: string) => [...files.keys()].filter((path) => path.endsWith(extension));
  const scripts = named('.js').filter((path) => !path.startsWith('/vendor/'));
  const preloadsFor = (other: string) =>
    [
      ...named('.css').map((path) => `<${path}>; rel=preload; as=style`),
      ...scripts
        .filter((path) => !path.startsWith(`/words/${other}`))
        .map((path) => `<${path}>; rel=modulepreload`),
    ].join(', ');
  const preloads = { en: preloadsFor('ru'), ru: preloadsFor('en') };

  return async (ctx, next) => {
    const path = ctx.path === '/' ? '/index.html' : ctx.path;
    const file = files.get(path);
    if (!file || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) {
      await next();
      return;
    }
    ctx.status = 200;
    ctx.vary('Accept-Encoding');
    ctx.set({ 'Content-Type': file.type, ETag: file.etag, 'Cache-Control': 'no-cache' });
    if (path === '/index.html') {
      ctx.vary('Accept-Language');
      ctx.set('Link', preloads[ctx.acceptsLanguages('en', 'ru') === 'ru' ? 'ru' : 'en']);
    }
    if (ctx.fresh) {
      ctx.status = 304;
    } else if (ctx.acceptsEncodings('gzip', 'identity') === 'gzip') {
      ctx.set('Content-Encoding', 'gzip');
      ctx.body = file.gzipped;
    } else ctx.body = file.body;
  };
}

async function readAll(root: string): Promise<[string, File][]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => entry.isFile() && extname(entry.name) in types);
  const files = found.map(async (entry): Promise<[string, File]> => {
    const path = join(entry.parentPath, entry.name);
    const address = path.slice(root.length).replaceAll('\\', '/').replace(/^\/*/, '/');
    const body = await readFile(path);
    const isScript = extname(path) === '.js';
    return [address, await toFile(address, isScript ? withoutComments(body.toString()) : body)];
  });
  return Promise.all(files);
}

/** Comments that stand on lines of their own weigh as much as a sixth of the page; the lines keep their numbers. */
function withoutComments(script: string): Buffer {
  const blank = (comment: string) => comment.replace(/[^\n]+/g, '');
  return Buffer.from(
    script.replace(/^[ \t]*\/\*\*[^]*?\*\/[ \t]*$/gm, blank).replace(/^[ \t]*\/\/.*$/gm, ''),
  );
}

/** uPlot out of node_modules: its small build is no module, and becomes one by a last line. */
async function readCharts(): Promise<[string, File][]> {
  const dist = new URL('.', import.meta.resolve('uplot'));
  const [script, style] = await Promise.all([
    readFile(new URL('uPlot.iife.min.js', dist), 'utf8'),
    readFile(new URL('uPlot.min.css', dist)),
  ]);
  const module = Buffer.from(`${script}\nexport default uPlot;\n`);
  return [
    ['/vendor/uplot.js', await toFile('/vendor/uplot.js', module)],
    ['/vendor/uplot.css', await toFile('/vendor/uplot.css', style)],
  ];
}

const compress = promisify(gzip);

async function toFile(address: string, body: Buffer): Promise<File> {
  const digest = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  const gzipped = await compress(body, { level: 9 });
  return { body, gzipped, etag: `W/"${digest}"`, type: types[extname(address)]! };
}
