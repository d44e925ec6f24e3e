/**
 * The files of the page, read and compressed once at start; only what was found there can be asked for. The page names
 * them below an address that is another whenever one of them is, so that a browser which has them does not ask again.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Middleware } from 'koa';
import { methodNotTaken } from '../../kit/methods.ts';

const methods = ['HEAD', 'GET'];
const pagePath = '/index.html';
const mainPath = '/main.js';
const stylesPath = '/styles.css';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const styleLinks = /<link rel="stylesheet" href="([^"]+)" \/>\n\s*/g;

/** What is left of a script that has only types to tell. */
const typesAlone = 'export {};';

interface File {
  readonly body: Buffer;
  readonly gzipped: Buffer;
  readonly type: string;
  readonly etag: string;
}

/** Serves the pages, styles, scripts and drawings in `dir` and below, and the library for charts. */
export async function dashboardFiles(dir: URL): Promise<Middleware> {
  const files = new Map((await Promise.all([readAll(fileURLToPath(dir)), readCharts()])).flat());
  files.set(stylesPath, await allStyles(files));
  const versions = [...files].map(([path, { etag }]) => path + etag).toSorted();
  const place = `/files-${digestOf(versions.join())}`;
  const [inEnglish, inRussian] = await Promise.all([pageOf(files, place, 'ru'), pageOf(files, place, 'en')]);

  return async (ctx, next) => {
    const path = ctx.path === '/' ? pagePath : ctx.path.replace(/^\/files-[\w-]+(?=\/)/, '');
    const isPage = path === pagePath;
    const page = ctx.acceptsLanguages('en', 'ru') === 'ru' ? inRussian : inEnglish;
    const file = isPage ? page : files.get(path);
    if (!file) {
      await next();
      return;
    }
    if (!methods.includes(ctx.method)) throw methodNotTaken(ctx, methods);
    ctx.status = 200;
    ctx.vary(isPage ? 'Accept-Encoding, Accept-Language' : 'Accept-Encoding');
    ctx.set({ 'Content-Type': file.type, ETag: file.etag });
    // A page that was open before an upgrade gets the new files, but not for good.
    const isKept = ctx.path.startsWith(`${place}/`) && !isPage;
    ctx.set('Cache-Control', isKept ? 'private, max-age=31536000, immutable' : 'no-cache');
    if (ctx.fresh) {
      ctx.status = 304;
    } else if (ctx.acceptsEncodings('gzip', 'identity') === 'gzip') {
      ctx.set('Content-Encoding', 'gzip');
      ctx.body = file.gzipped;
    } else ctx.body = file.body;
  };
}

/**
 * The page, with its files at `place`. Its head names what it needs, without the words of the other language, so that
 * the browser need not find it out from one script after another; what it cannot begin without comes first.
 */
function pageOf(files: ReadonlyMap<string, File>, place: string, otherLanguage: string): Promise<File> {
  const isWanted = ([path, { body }]: [string, File]) =>
    path.endsWith('.js') &&
    !path.startsWith('/vendor/') &&
    !path.startsWith(`/locales/${otherLanguage}`) &&
    body.toString().trim() !== typesAlone;
  const wanted = [...files].filter(isWanted).map(([path]) => path);
  const needed = importedBy(files, mainPath);
  const isFirst = (path: string) => needed.has(path) || path.startsWith('/locales/');
  const scripts = [...wanted.filter(isFirst), ...wanted.filter((path) => !isFirst(path))];
  const head = [
    // Of the same mode as what `fetch` asks for, or the browser would ask twice.
    '<link rel="preload" href="/api/state" as="fetch" crossorigin />',
    ...scripts.map((path) => `<link rel="modulepreload" href="${place}${path}" />`),
  ].join('\n    ');
  const html = files.get(pagePath)!.body.toString();
  const placed = html
    .replace(styleLinks, '')
    .replace('<script', `<link rel="stylesheet" href="${stylesPath}" />\n    <script`)
    .replace(/(href|src)="(?=\/)/g, `$1="${place}`)
    .replace('<script', `${head}\n    <script`);
  return toFile(pagePath, Buffer.from(placed));
}

/** The styles that the page names, in its order, as one file: nothing is drawn before the last of them has come. */
function allStyles(files: ReadonlyMap<string, File>): Promise<File> {
  const html = files.get(pagePath)!.body.toString();
  const styles = [...html.matchAll(styleLinks)].map(([, path]) => files.get(path!)!.body);
  return toFile(stylesPath, Buffer.concat(styles));
}

/** The script at `path` and all that it imports before it runs. */
function importedBy(files: ReadonlyMap<string, File>, path: string, found = new Set<string>()): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  const script = files.get(path)!.body.toString();
  for (const [, name] of script.matchAll(/^(?:import|} from).*'(\.[^']+)';$/gm)) {
    importedBy(files, posix.join(posix.dirname(path), name!), found);
  }
  return found;
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
  const gzipped = await compress(body, { level: 9 });
  return { body, gzipped, etag: `W/"${digestOf(body)}"`, type: types[extname(address)]! };
}

function digestOf(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, 22);
}
