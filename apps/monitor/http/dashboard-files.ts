/** The files of the page, read once at start; only what was found there can be asked for. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Middleware } from 'koa';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

interface File {
  readonly body: Buffer;
  readonly type: string;
  readonly etag: string;
}

/** Serves the pages, styles, scripts and drawings in `dir` and below. */
export async function dashboardFiles(dir: URL): Promise<Middleware> {
  const files = await readAll(fileURLToPath(dir));
  return async (ctx, next) => {
    const file = files.get(ctx.path === '/' ? '/index.html' : ctx.path);
    if (!file || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) {
      await next();
      return;
    }
    ctx.status = 200;
    ctx.set({ 'Content-Type': file.type, ETag: file.etag, 'Cache-Control': 'no-cache' });
    if (ctx.fresh) ctx.status = 304;
    else ctx.body = file.body;
  };
}

async function readAll(root: string): Promise<Map<string, File>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => entry.isFile() && extname(entry.name) in types);
  const files = found.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const body = await readFile(path);
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    const address = path.slice(root.length).replaceAll('\\', '/').replace(/^\/*/, '/');
    return [address, { body, etag, type: types[extname(entry.name)]! }] as const;
  });
  return new Map(await Promise.all(files));
}
