/**
 * Files of MEDIA_ROOT, and of nowhere else: a path is followed to where it leads, and once the file is open the system
 * is asked where that file stands, so that nobody can put another one in its place in between.
 */
import { constants, createReadStream } from 'node:fs';
import { lstat, open, readlink, realpath, type FileHandle } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { Problem } from '../../kit/errors.ts';

/** macOS's O_NOFOLLOW_ANY, which Node has no name for: no part of the path may be a link. */
const noFollow = process.platform === 'darwin' ? 0x2000_0000 : (constants.O_NOFOLLOW ?? 0);
/** Without following a link put there meanwhile, and without waiting for the other end of a pipe. */
const flags = constants.O_RDONLY | noFollow | (constants.O_NONBLOCK ?? 0);

/**
 * The bytes of the file at `path`, absolute or from `root`. The stream closes the file.
 * @throws Problem bad_request when it is not inside `root` or no plain file that can be read
 */
export async function openWithinRoot(
  field: string,
  root: string | undefined,
  path: string,
): Promise<Readable> {
  if (root === undefined) {
    throw new Problem(
      'bad_request',
      `${field} is not taken: MEDIA_ROOT is not set. Set it, or send the file itself`,
    );
  }
  const handle = await openChecked(field, root, path).catch((error: unknown) => {
    if (error instanceof Problem) throw error;
    throw unreadable(field, error as NodeJS.ErrnoException);
  });
  return createReadStream('', { fd: handle });
}

async function openChecked(field: string, root: string, path: string): Promise<FileHandle> {
  if (path.includes('\0')) throw new Problem('bad_request', `${field} has a zero character`);
  const realRoot = await realRootOf(root);
  const asked = resolve(realRoot, path);
  // Checked before the disk is asked, so that no answer tells which files exist elsewhere.
  if (!isInside(asked, realRoot) && !isInside(asked, resolve(root))) throw outside(field);
  const real = await realpath(asked).catch(async (error: unknown) => {
    const target = await readlink(asked).catch(() => '');
    const led = resolve(dirname(asked), target === '' ? asked : target);
    if (!isInside(await realFolder(dirname(led)), realRoot)) throw outside(field);
    throw error;
  });
  if (!isInside(real, realRoot)) throw outside(field);
  if (!(await lstat(real)).isFile()) throw notPlain(field);
  const handle = await open(real, flags);
  try {
    if (!isInside(await whereItStands(handle, real), realRoot)) throw outside(field);
    if (!(await handle.stat()).isFile()) throw notPlain(field);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Where the nearest folder on the way to `path` that exists leads: a link to the outside tells nothing of what is there. */
async function realFolder(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    const real = await realpath(at).catch(() => undefined);
    if (real !== undefined) return real + sep;
  }
}

/** The path of a file that is open. A path looked up again would be another question than the one that opened it. */
function whereItStands(handle: FileHandle, path: string): Promise<string> {
  return process.platform === 'linux' ? readlink(`/proc/self/fd/${handle.fd}`) : realpath(path);
}

async function realRootOf(root: string): Promise<string> {
  try {
    return await realpath(root);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Problem('bad_request', `path is not taken: the folder MEDIA_ROOT cannot be read (${code})`, {
      cause: error,
    });
  }
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

const outside = (field: string) =>
  new Problem('bad_request', `${field} is outside MEDIA_ROOT: it takes a file inside that folder`);
const notPlain = (field: string) => new Problem('bad_request', `${field} is no plain file`);

const explanations: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file inside MEDIA_ROOT',
  ENOTDIR: 'there is no such file inside MEDIA_ROOT',
  EACCES: 'this service may not read it',
  EPERM: 'this service may not read it',
  ELOOP: 'it is a symbolic link that leads nowhere',
};

function unreadable(field: string, error: NodeJS.ErrnoException): Problem {
  const why = explanations[error.code ?? ''] ?? `it cannot be opened (${error.code})`;
  return new Problem('bad_request', `${field}: ${why}`, { cause: error });
}
