/**
 * What the Dockerfiles start from where no registry gives it: Debian from its package mirror, with the Node that the
 * project pins and this machine's npm; and the same with Python for TensorBoard. Both trust what this machine trusts,
 * and ask the registries that this machine asks. They are made once per engine.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { findCommand } from '../../tools/system-packages.mjs';
import type { Engine } from './engine.ts';

/** Where npm looks, by whichever user it is run. */
const NPM_CONFIGURATION = '/etc/npmrc';
const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';
const RELEASE = 'bookworm';
const PULL_LIMIT_MS = 300_000;
const LIMIT_MS = 600_000;

export interface BaseImages {
  /** As `--build-arg`s, by argument; an argument is left out where the Dockerfile's own default is available. */
  readonly args: Readonly<Record<string, string>>;
  /** The image that the services start from. */
  readonly node: string;
  /** Sentences about what stands in for what. */
  readonly notes: readonly string[];
}

/** The default of a Dockerfile's argument. */
export function defaultOf(root: string, dockerfile: string, argument: string): string {
  const text = readFileSync(join(root, 'docker', dockerfile), 'utf8');
  const found = new RegExp(`^ARG ${argument}=(\\S+)$`, 'm').exec(text)?.[1];
  if (!found) throw new Error(`${dockerfile}: expected ARG ${argument}=…`);
  return found;
}

/** @throws Error with what debootstrap or the engine says */
export function baseImages(engine: Engine, root: string, folder: string): BaseImages {
  const wanted = {
    NODE_IMAGE: defaultOf(root, 'gateway.Dockerfile', 'NODE_IMAGE'),
    PYTHON_IMAGE: defaultOf(root, 'tensorboard.Dockerfile', 'PYTHON_IMAGE'),
    CUDA_IMAGE: defaultOf(root, 'trainer-gpu.Dockerfile', 'CUDA_IMAGE'),
  };
  if (engine.try(['pull', wanted.NODE_IMAGE], { timeoutMs: PULL_LIMIT_MS }).ok)
    return { args: {}, node: wanted.NODE_IMAGE, notes: [] };
  const version = /:([\d.]+)/.exec(wanted.NODE_IMAGE)?.[1] ?? 'unknown';
  const node = made(engine, `onegin-base:${version}`, () => nodeImage(engine, root, folder));
  const python = made(engine, `onegin-base-python:${version}`, () => pythonContext(node, folder));
  return {
    args: { NODE_IMAGE: node, PYTHON_IMAGE: python, CUDA_IMAGE: node },
    node,
    notes: [
      `no registry gives ${wanted.NODE_IMAGE}: in its place ${node}, Debian ${RELEASE} by debootstrap`,
      `no registry gives ${wanted.PYTHON_IMAGE}: in its place ${node} with Debian's Python`,
      `no registry gives ${wanted.CUDA_IMAGE}: in its place ${node}, which has no CUDA libraries`,
    ],
  };
}

/** @param context makes a folder with a Dockerfile */
function made(engine: Engine, name: string, context: () => string): string {
  if (engine.try(['image', 'inspect', name]).ok) return name;
  engine.run(['build', '--network', 'host', '-t', name, context()], { timeoutMs: LIMIT_MS });
  return name;
}

/** Debian's mirror as this machine has it. */
function mirror(): string {
  for (const file of ['/etc/apt/sources.list.d/debian.sources', '/etc/apt/sources.list']) {
    if (!existsSync(file)) continue;
    const found = /^(?:URIs:|deb(?:\s+\[[^\]]*\])?)\s+(\S+)/m.exec(readFileSync(file, 'utf8'))?.[1];
    if (found) return found.replace(/\/$/, '');
  }
  return 'http://deb.debian.org/debian';
}

function nodeImage(engine: Engine, root: string, folder: string): string {
  const rootfs = join(folder, 'rootfs');
  const archive = join(folder, 'rootfs.tar');
  rmSync(rootfs, { recursive: true, force: true });
  const args = ['--variant=minbase', '--include=ca-certificates', RELEASE, rootfs, mirror()];
  const result = spawnSync('debootstrap', args, { encoding: 'utf8', timeout: LIMIT_MS });
  if (result.status !== 0) throw new Error(`debootstrap failed: ${result.stdout?.slice(-1000)}`);
  // Fetched packages stay behind.
  rmSync(join(rootfs, 'var', 'cache', 'apt', 'archives'), { recursive: true, force: true });
  const packed = spawnSync('tar', ['-C', rootfs, '-cf', archive, '.'], { encoding: 'utf8' });
  if (packed.status !== 0) throw new Error(`tar failed: ${packed.stderr}`);
  engine.run(['import', archive, 'onegin-rootfs'], { timeoutMs: LIMIT_MS });
  rmSync(archive);
  rmSync(rootfs, { recursive: true });
  return nodeContext(root, folder);
}

function nodeContext(root: string, folder: string): string {
  const out = emptyFolder(folder, 'base');
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
  lines.push(`ENV NPM_CONFIG_GLOBALCONFIG=${NPM_CONFIGURATION}`);
  for (const [file, target] of configurations()) {
    const name = target.replaceAll('/', '_');
    cpSync(file, join(out, name));
    lines.push(`COPY ${name} ${target}`);
  }
  writeFileSync(join(out, 'Dockerfile'), `${lines.join('\n')}\n`);
  return out;
}

/** What says which registries are asked, and where it goes: for every user of the image. */
const configurations = (): [string, string][] =>
  (
    [
      [join(homedir(), '.npmrc'), NPM_CONFIGURATION],
      ['/etc/pip.conf', '/etc/pip.conf'],
      [join(homedir(), '.config', 'pip', 'pip.conf'), '/etc/xdg/pip/pip.conf'],
    ] as [string, string][]
  ).filter(([file]) => existsSync(file));

function pythonContext(node: string, folder: string): string {
  const out = emptyFolder(folder, 'base-python');
  const packages = 'python3 python3-pip';
  const lines = [
    `FROM ${node}`,
    `RUN apt-get update && apt-get install -y --no-install-recommends ${packages} && rm -rf /var/lib/apt/lists/*`,
    // The mark that asks for virtual environments, which the image in whose place this is does not have.
    'RUN rm -f /usr/lib/python3*/EXTERNALLY-MANAGED',
  ];
  writeFileSync(join(out, 'Dockerfile'), `${lines.join('\n')}\n`);
  return out;
}

function emptyFolder(folder: string, name: string): string {
  const out = join(folder, name);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  return out;
}
