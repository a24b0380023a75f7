// The web UI, built from its sources; left alone while none of them has changed.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { withLock } from '../lock-folder.mjs';
import { runProgram } from '../system-packages.mjs';
import { SetUpError } from './step.mjs';
import { withPinnedNode } from './npm-packages.mjs';

const BUILD_LIMIT_MS = 15 * 60_000;
/** What the browser is sent is made of these. */
const SOURCES = [
  'frontend/src',
  'frontend/public',
  'frontend/angular.json',
  'frontend/tsconfig.json',
  'frontend/tsconfig.app.json',
  'frontend/package.json',
  'packages/contracts/src',
  'packages/charts/src',
  'packages/search/src',
  'package-lock.json',
];
const NO_SOURCE = /\.spec\.ts$|(^|\/)testing\//;
const SHOWN_LINES = 40;

/** Names and contents of all sources, as one short text. */
export function hashSources(root) {
  const hash = createHash('sha256');
  for (const path of SOURCES.flatMap((source) => filesBelow(root, source)))
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  return hash.digest('hex');
}

function filesBelow(root, path) {
  if (!existsSync(join(root, path))) return [];
  if (!statSync(join(root, path)).isDirectory()) return NO_SOURCE.test(path) ? [] : [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesBelow(root, `${path}/${name}`));
}

const noteFile = (root) => join(root, 'frontend', 'dist', '.built-from');

function builtFrom(root) {
  try {
    return readFileSync(noteFile(root), 'utf8');
  } catch {
    return undefined;
  }
}

/** @returns {Promise<{ detail: string, value: boolean }>} whether it was built */
export function buildWebUi(root, node, log) {
  return withLock(join(root, 'node_modules', '.cache', 'onegin-web'), log, async () => {
    const sources = hashSources(root);
    if (builtFrom(root) === sources) return { detail: 'up to date', value: false };
    log('ng build');
    await build(root, node);
    compressFiles(join(root, 'frontend', 'dist'));
    writeFileSync(noteFile(root), sources);
    return { detail: 'built', value: true };
  });
}

/** Angular empties `dist` first; with it goes the note of what the last build was made from. */
async function build(root, node) {
  const ng = join(root, 'node_modules', '@angular', 'cli', 'bin', 'ng.js');
  const result = await runProgram(node, [ng, 'build', '--progress=false'], {
    cwd: join(root, 'frontend'),
    env: { ...withPinnedNode(root), NG_CLI_ANALYTICS: 'false', NO_COLOR: '1', CI: '1' },
    timeoutMs: BUILD_LIMIT_MS,
  });
  if (result.ok) return;
  const output = result.output.trim().split('\n').slice(-SHOWN_LINES).join('\n');
  throw new SetUpError(`The web UI could not be built:\n${output}`);
}

/** Below this a compressed answer is no faster. */
const LEAST_BYTES = 1024;

/** Lays `x.br` and `x.gz` beside each text file, so that the gateway has nothing to compress. */
function compressFiles(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(js|css|html|svg|json|txt)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const text = readFileSync(path);
    if (text.length < LEAST_BYTES) continue;
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    };
    writeFileSync(`${path}.br`, brotliCompressSync(text, { params }));
    writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
  }
}
