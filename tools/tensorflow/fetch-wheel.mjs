// Fetches one wheel of TensorFlow: with pip, which knows the user's index, proxy and certificates, or
// without pip from the same index over https (PEP 503 and PEP 691), honouring its checksum.
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ensureSystemPackage, findCommand, runProgram } from '../system-packages.mjs';

const PYTHON_TAG = 'cp312';
const MACHINE = { x64: 'x86_64', arm64: 'aarch64' };

/** The index that the user has configured for pip: environment, then configuration files; undefined for none. */
export function configuredIndex(env = process.env) {
  if (env.PIP_INDEX_URL) return env.PIP_INDEX_URL;
  const files = [
    env.PIP_CONFIG_FILE,
    join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'pip', 'pip.conf'),
    join(homedir(), '.pip', 'pip.conf'),
    '/etc/pip.conf',
  ];
  for (const file of files) {
    if (!file || !existsSync(file)) continue;
    const found = /^\s*index[-_]url\s*[=:]\s*(\S+)/m.exec(readFileSync(file, 'utf8'));
    if (found) return found[1];
  }
  return undefined;
}

const PIP_COMMANDS = [['python3', '-m', 'pip'], ['pip3'], ['pip']];

async function withPip(requirement, machine, folder) {
  const platforms = [`manylinux_2_27_${machine}`, `manylinux_2_28_${machine}`, `manylinux2014_${machine}`];
  const args = ['download', '--no-deps', '--no-cache-dir', '--only-binary=:all:', '--quiet'];
  args.push('--implementation', 'cp', '--python-version', '3.12', '--abi', PYTHON_TAG);
  args.push(...platforms.flatMap((platform) => ['--platform', platform]), '--dest', folder, requirement);
  const tried = [];
  for (const [command, ...first] of PIP_COMMANDS) {
    if (!findCommand(command)) continue;
    const result = await runProgram(command, [...first, ...args], { timeoutMs: 900_000 });
    const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
    if (result.ok && wheel) return { path: join(folder, wheel) };
    tried.push(`${[command, ...first].join(' ')}: ${result.output.trim().split('\n').at(-1)}`);
  }
  return { problem: tried.length ? tried.join('; ') : 'pip is not on the path' };
}

/** Files of a project's page, whichever of the two forms the index answers in. */
export function parseIndexPage(body, contentType, pageUrl) {
  if (contentType.includes('json')) {
    return JSON.parse(body).files.map((file) => ({
      name: file.filename,
      url: new URL(file.url, pageUrl).href,
      sha256: file.hashes?.sha256,
    }));
  }
  return [...body.matchAll(/<a\b[^>]*href="([^"]+)"[^>]*>([^<]+)<\/a>/g)].map(([, href, name]) => {
    const url = new URL(href.replaceAll('&amp;', '&'), pageUrl);
    const sha256 = /^#sha256=([0-9a-f]{64})/.exec(url.hash)?.[1];
    url.hash = '';
    return { name: name.trim(), url: url.href, sha256 };
  });
}

/** fetch() refuses user names in addresses; a private index may need them. */
async function get(address, headers = {}) {
  const url = new URL(address);
  if (url.username) {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers = { ...headers, authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
    url.username = url.password = '';
  }
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(900_000) });
  if (!response.ok) throw new Error(`${url.href} answered ${response.status}`);
  return response;
}

async function withHttps(index, project, version, machine, folder) {
  const page = `${index.replace(/\/$/, '')}/${project}/`;
  const answer = await get(page, {
    accept: 'application/vnd.pypi.simple.v1+json, text/html;q=0.5',
  });
  const files = parseIndexPage(await answer.text(), answer.headers.get('content-type') ?? '', page);
  const prefix = `${project.replaceAll('-', '_')}-${version}-${PYTHON_TAG}-`;
  const wheel = files.find(
    (file) =>
      file.name.startsWith(prefix) && file.name.includes('manylinux') && file.name.endsWith(`${machine}.whl`),
  );
  if (!wheel) throw new Error(`${page} lists no wheel ${prefix}…${machine}.whl`);
  const hash = createHash('sha256');
  const path = join(folder, wheel.name);
  const hashing = new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const body = (await get(wheel.url)).body;
  await pipeline(Readable.fromWeb(body), hashing, createWriteStream(path));
  const found = hash.digest('hex');
  if (wheel.sha256 && found !== wheel.sha256) {
    throw new Error(`${wheel.name}: expected sha256 ${wheel.sha256}, found ${found}`);
  }
  return path;
}

/**
 * @param {{ project: string, version: string, folder: string, log: (line: string) => void, usePip?: boolean }} wanted
 * @returns {Promise<string>} path of the wheel inside `folder`
 */
export async function fetchWheel({ project, version, folder, log, usePip = true }) {
  const machine = MACHINE[process.arch];
  if (process.platform !== 'linux' || !machine) {
    throw new Error(
      `no wheel is known for ${process.platform}-${process.arch}, expected linux on x64 or arm64`,
    );
  }
  const requirement = `${project}==${version}`;
  let byPip = usePip ? await withPip(requirement, machine, folder) : { problem: 'not asked' };
  // Debian's python3 comes without pip.
  if (usePip && !byPip.path && !findCommand('pip3') && !findCommand('pip')) {
    const installed = await ensureSystemPackage({ command: 'pip3', aptName: 'python3-pip', log });
    if (installed.available) byPip = await withPip(requirement, machine, folder);
  }
  if (byPip.path) return byPip.path;
  const index = configuredIndex();
  if (!index) throw new Error(`pip could not fetch ${requirement}: ${byPip.problem}`);
  log(`pip could not fetch it (${byPip.problem}); asking the configured package index directly`);
  return withHttps(index, project, version, machine, folder);
}
