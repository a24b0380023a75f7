/**
 * The image that the Dockerfiles start from, where no registry gives it: Debian from its package mirror, with the
 * Node that the project pins and this machine's npm. Named after the Node, so that it is made once per engine.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findCommand } from '../../tools/system-packages.mjs';
import type { Engine } from './engine.ts';

const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';
const PINNED = 'node:24.21.0-bookworm-slim';

/** @returns its name */
export function baseImage(engine: Engine, root: string, folder: string): string {
  if (engine.try(['pull', PINNED], { timeoutMs: 300_000 }).ok) return PINNED;
  const name = 'onegin-base:24.21.0';
  if (engine.try(['image', 'inspect', name]).ok) return name;
  console.log('no registry gives the base image: it is made with debootstrap');
  const rootfs = join(folder, 'rootfs');
  const made = spawnSync(
    'debootstrap',
    ['--variant=minbase', '--include=ca-certificates', 'bookworm', rootfs],
    {
      encoding: 'utf8',
    },
  );
  if (made.status !== 0) throw new Error(`debootstrap failed: ${made.stdout.slice(-1000)}`);
  spawnSync('tar', ['-C', rootfs, '-cf', join(folder, 'rootfs.tar'), '.']);
  engine.run(['import', join(folder, 'rootfs.tar'), 'onegin-rootfs'], { timeoutMs: 300_000 });
  engine.run(['build', '--network', 'host', '-t', name, context(root, folder)], { timeoutMs: 300_000 });
  return name;
}

function context(root: string, folder: string): string {
  const out = join(folder, 'base');
  mkdirSync(out, { recursive: true });
  cpSync(realpathSync(join(root, 'node_modules', 'node', 'bin', 'node')), join(out, 'node'));
  const npm = findCommand('npm');
  if (!npm) throw new Error('there is no npm on the path');
  cpSync(dirname(dirname(realpathSync(npm))), join(out, 'npm'), { recursive: true, dereference: true });
  const lines = [
    'FROM onegin-rootfs',
    'COPY node /usr/local/bin/node',
    'COPY npm /usr/local/lib/node_modules/npm',
  ];
  lines.push('RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm');
  lines.push('ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin');
  // The package registries may be behind an authority that this machine trusts and a fresh Debian does not.
  if (existsSync(AUTHORITIES)) {
    cpSync(AUTHORITIES, join(out, 'authorities.crt'));
    lines.push(`COPY authorities.crt ${AUTHORITIES}`);
    lines.push(`ENV NODE_EXTRA_CA_CERTS=${AUTHORITIES} SSL_CERT_FILE=${AUTHORITIES} PIP_CERT=${AUTHORITIES}`);
  }
  writeFileSync(join(out, 'Dockerfile'), `${lines.join('\n')}\n`);
  return out;
}
