/**
 * Stands in for a registry: makes the images that the Dockerfile and docker-compose.yml name, out of Debian and the
 * project's own Node. What is built on them and run in them is the same.
 */
import { copyFile, cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { output } from './command.ts';
import { cached, mirror } from './debian.ts';

/** An image as `docker import` takes it. */
export interface BaseImage {
  readonly tags: readonly string[];
  /** The file system, as a tar file. */
  readonly tar: string;
  readonly changes: readonly string[];
}

const authorities = 'etc/ssl/certs/ca-certificates.crt';
/** The release of Debian that all of them are. */
export const debianSuite = 'bookworm';

/** All images, from the cache or made anew; that takes a minute or two. */
export async function baseImages(): Promise<BaseImage[]> {
  const [node, haproxy, observers] = await Promise.all([
    cached(`node-${process.versions.node}-${debianSuite}.tar`, async (tar) =>
      pack(await nodeRoot(`${tar}.root`), tar),
    ),
    cached(`haproxy-${debianSuite}.tar`, async (tar) =>
      pack(await debianRoot(`${tar}.root`, ['haproxy']), tar),
    ),
    cached(`observers-${process.versions.node}-${debianSuite}.tar`, async (tar) =>
      pack(await observersRoot(`${tar}.root`), tar),
    ),
  ]);
  return [
    {
      tags: ['node:26-bookworm-slim'],
      tar: node,
      changes: ['CMD ["node"]', `ENV NODE_EXTRA_CA_CERTS=/${authorities}`],
    },
    {
      tags: ['haproxy:3.2-bookworm'],
      tar: haproxy,
      changes: ['CMD ["haproxy", "-f", "/usr/local/etc/haproxy/haproxy.cfg"]'],
    },
    {
      tags: ['prom/prometheus:v3.5.0', 'prom/alertmanager:v0.28.1', 'grafana/grafana:12.2.0'],
      tar: observers,
      changes: ['ENTRYPOINT ["prometheus"]', 'USER nobody'],
    },
  ];
}

/** A small Debian; this machine's own certificate authorities come along, for its registries may need them. */
export async function debianRoot(root: string, packages: readonly string[]): Promise<string> {
  const include = ['ca-certificates', ...packages].join(',');
  const args = ['--variant=minbase', `--include=${include}`, debianSuite, root, await mirror()];
  await output('debootstrap', args, { withinMs: 300_000 });
  await copyFile(`/${authorities}`, join(root, authorities));
  return root;
}

/** With Node, npm and the user `node`, as the image of that name has them. */
async function nodeRoot(root: string): Promise<string> {
  await debianRoot(root, ['libatomic1']);
  const local = join(root, 'usr/local');
  await copyFile(process.execPath, join(local, 'bin/node'));
  const npm = join((await output('npm', ['root', '--global'])).trim(), 'npm');
  await mkdir(join(local, 'lib/node_modules'), { recursive: true });
  await cp(npm, join(local, 'lib/node_modules/npm'), { recursive: true });
  for (const name of ['npm', 'npx'])
    await symlink(`../lib/node_modules/npm/bin/${name}-cli.js`, join(local, 'bin', name));
  const registry = (await output('npm', ['config', 'get', 'registry'], { cwd: dirname(npm) })).trim();
  await writeFile(join(local, 'lib/node_modules/npm/npmrc'), `registry=${registry}\n`);
  await output('chroot', [root, 'useradd', '--uid', '1000', '--user-group', '--create-home', 'node']);
  return root;
}

/**
 * Debian's Prometheus and Alertmanager, by the names and with the folders that their images have. Grafana is not in
 * Debian: in its place stands a server that says it is well, with Node beside it to ask what Grafana would ask.
 */
async function observersRoot(root: string): Promise<string> {
  await debianRoot(root, ['prometheus', 'prometheus-alertmanager', 'wget', 'libatomic1']);
  await copyFile(process.execPath, join(root, 'usr/local/bin/node'));
  await symlink('prometheus-alertmanager', join(root, 'usr/bin/alertmanager'));
  const answering = `require('node:http').createServer((_, answer) => answer.end('{}')).listen(3000)`;
  await writeFile(join(root, 'run.sh'), `#!/bin/sh\nexec node -e "${answering}"\n`, { mode: 0o755 });
  const folders = ['/prometheus', '/alertmanager', '/var/lib/grafana'];
  await output('chroot', [root, 'install', '--directory', '--owner=nobody', ...folders]);
  return root;
}

/** Makes a tar file of a file system. */
export async function pack(root: string, tar: string): Promise<void> {
  await output('tar', ['-C', root, '-c', '-f', tar, '.'], { withinMs: 120_000 });
}
