/**
 * The files of a page for browsers, read and compressed when the first of them is asked for; only what was found then
 * can be asked for. The page names them below an address that changes with any of them, so that a browser keeps them
 * for good. There they have the paths that they have in the project: an import finds the same file here, in Node and
 * in the type check. Nothing is bundled; the page lists its scripts at its head, so that all are fetched at once.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, posix } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { parse, type Comment } from 'acorn';
import type { Middleware } from 'koa';
import { methodNotTaken } from './methods.ts';

/** Paths are from the project's root. */
export interface PageParts {
  /** The page. `{files}` in it becomes the address of its files, `<!-- scripts -->` the list of its scripts. */
  readonly page: string;
  /** The script that it starts with. */
  readonly main: string;
  readonly folders: readonly string[];
  /** Where its languages are: of the files that begin with `en` or `ru` a reader is sent one kind. */
  readonly locales: string;
  /** Style sheets in the order in which they apply. They are served as one, `styles.css` beside the page: nothing is drawn before it. */
  readonly styles: readonly string[];
  /** Files that are not on disk as they are served; left out of the list of scripts. */
  readonly made?: () => Promise<readonly (readonly [path: string, body: Buffer | string])[]>;
}

interface File {
  readonly body: Buffer;
  readonly gzipped: Buffer;
  readonly type: string;
  readonly etag: string;
}

const root = new URL('../../', import.meta.url);
const methods = ['HEAD', 'GET'];
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Serves a page at `/` and its files; passes on what is neither. */
export function pageFiles(parts: PageParts): Middleware {
  let reading: ReturnType<typeof readPage> | undefined;
  return async (ctx, next) => {
    const isPage = ctx.path === '/';
    const path = ctx.path.replace(/^\/files-[\w-]+(?=\/)/, '').slice(1);
    if (!isPage && !parts.folders.some((folder) => path.startsWith(`${folder}/`))) return void (await next());
    reading ??= readPage(parts).catch((error: unknown) => {
      reading = undefined;
      throw error;
    });
    const { place, pages, files } = await reading;
    const file = isPage ? pages[ctx.acceptsLanguages('en', 'ru') === 'ru' ? 'ru' : 'en'] : files.get(path);
    if (!file) return void (await next());
    if (!methods.includes(ctx.method)) throw methodNotTaken(ctx, methods);
    ctx.status = 200;
    ctx.vary(isPage ? 'Accept-Encoding, Accept-Language' : 'Accept-Encoding');
    ctx.set({ 'Content-Type': file.type, ETag: file.etag });
    // A page that was open before an upgrade gets the new files, but not for good.
    const isKept = ctx.path.startsWith(`${place}/`);
    ctx.set('Cache-Control', isKept ? 'private, max-age=31536000, immutable' : 'no-cache');
    if (ctx.fresh) ctx.status = 304;
    else if (ctx.acceptsEncodings('gzip', 'identity') === 'gzip') {
      ctx.set('Content-Encoding', 'gzip');
      ctx.body = file.gzipped;
    } else ctx.body = file.body;
  };
}

async function readPage({ page, main, folders, locales, styles, made }: PageParts) {
  const [onDisk, others] = await Promise.all([readFolders(folders), made?.() ?? []]);
  const scripts = new Map<string, Script>();
  const files = new Map<string, File>();
  for (const [path, body] of onDisk) {
    if (extname(path) === '.js') scripts.set(path, readScript(path, body.toString()));
    files.set(path, await toFile(path, scripts.get(path)?.code ?? body));
  }
  for (const [path, body] of others) {
    scripts.delete(path);
    files.set(path, await toFile(path, body));
  }
  const sheet = posix.join(posix.dirname(page), 'styles.css');
  files.set(sheet, await toFile(sheet, Buffer.concat(styles.map((path) => files.get(path)!.body))));
  const place = `/files-${digestOf([...files].map(([path, { etag }]) => path + etag).join())}`;
  const html = files.get(page)!.body.toString().replaceAll('{files}', place);
  files.delete(page);
  const first = importedBy(scripts, main);
  const pageIn = (other: string) => {
    const rest = [...scripts.keys()].filter((path) => !path.startsWith(locales + other));
    const head = [...new Set([...first, ...rest.filter((path) => path.startsWith(locales)), ...rest])]
      .map((path) => `<link rel="modulepreload" href="${place}/${path}" />`)
      .join('\n    ');
    return toFile(page, html.replace('<!-- scripts -->', head));
  };
  return { place, pages: { en: await pageIn('ru'), ru: await pageIn('en') }, files };
}

async function readFolders(folders: readonly string[]): Promise<[string, Buffer][]> {
  const found = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(new URL(folder, root), { recursive: true });
      return names.map((name) => posix.join(folder, name.replaceAll('\\', '/')));
    }),
  );
  const paths = found.flat().filter((path) => extname(path) in types);
  return Promise.all(
    paths
      .toSorted()
      .map(async (path): Promise<[string, Buffer]> => [path, await readFile(new URL(path, root))]),
  );
}

interface Script {
  readonly code: string;
  /** What it imports before it runs. */
  readonly imports: readonly string[];
}

/** A script without its comments, which weigh a sixth of a page; its lines keep their numbers. */
function readScript(path: string, source: string): Script {
  const comments: Comment[] = [];
  const { body } = parse(source, { ecmaVersion: 'latest', sourceType: 'module', onComment: comments });
  let code = '';
  let end = 0;
  for (const comment of comments) {
    code += source.slice(end, comment.start) + (comment.value.replace(/[^\n]+/g, '') || ' ');
    end = comment.end;
  }
  const imports = body.flatMap((part) =>
    'source' in part && part.source ? [posix.join(posix.dirname(path), String(part.source.value))] : [],
  );
  return { code: code + source.slice(end), imports };
}

/** The script at `path` and all that it imports before it runs. */
function importedBy(
  scripts: ReadonlyMap<string, Script>,
  path: string,
  found = new Set<string>(),
): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  for (const each of scripts.get(path)!.imports) importedBy(scripts, each, found);
  return found;
}

const compress = promisify(gzip);

async function toFile(path: string, content: Buffer | string): Promise<File> {
  const body = Buffer.from(content);
  const gzipped = await compress(body, { level: 9 });
  return { body, gzipped, etag: `W/"${digestOf(body)}"`, type: types[extname(path)]! };
}

function digestOf(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, 22);
}
