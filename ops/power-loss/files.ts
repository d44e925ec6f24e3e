/** The files of a folder as values: read whole, written whole. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What stands at a path: its bytes, or that it is a folder. Folders stand before what is in them. */
export type Files = ReadonlyMap<string, Buffer | 'folder'>;

/** Everything below `folder`. */
export function readFiles(folder: string): Files {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return new Map(
    paths.sort().map((path) => [path, statSync(path).isDirectory() ? 'folder' : readFileSync(path)]),
  );
}

/** Makes `folder` hold `files`, which were those of the folder `of`, and nothing else. */
export function writeFiles(files: Files, of: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of files) {
    const target = folder + path.slice(of.length);
    if (content === 'folder') mkdirSync(target);
    else writeFileSync(target, content);
  }
}
