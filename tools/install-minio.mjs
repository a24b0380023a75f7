#!/usr/bin/env node
// Finds or makes the S3 server that the tests of the artifact store run against. Plain JavaScript for any
// Node >= 20. In this order:
//   1. `minio` on the path;
//   2. the one that an earlier run built into ~/.cache/onegin (or $XDG_CACHE_HOME/onegin);
//   3. built with `go install` (minutes, once): finished programs of MinIO are no longer published;
//   4. an S3 server from npm in its place, and a sentence that says so and why.
// As a program it ends with one line of JSON, {"kind":"minio"|"stand-in","command":…,"args":[…],"detail":…};
// with --find-only it neither builds nor downloads, and ends with status 1 when nothing is there yet.
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { goInstall } from './go-install.mjs';
import { invokedDirectly } from './invoked-directly.mjs';
import { withLock } from './lock-folder.mjs';
import { ensureSystemPackage, findCommand, runProgram } from './system-packages.mjs';
import { cacheFolder, pinnedNode } from './tensorflow/binding-files.mjs';
import { projectRoot } from './project-root.mjs';

/** The last state of the archived repository, with the fixes that no release has. */
const MINIO_VERSION = 'v0.0.0-20260212201848-7aac2a2c5b7c';
const MINIO_GO = '1.24';
const BUILD_LIMIT_MS = 40 * 60_000;
const STAND_IN = { name: 'fauxqs', version: '2.4.1' };

const builtMinio = () =>
  join(cacheFolder(), `minio-${MINIO_VERSION}-${process.platform}-${process.arch}`, 'minio');
const standInFolder = () => join(cacheFolder(), `${STAND_IN.name}-${STAND_IN.version}`);
const standInScript = () => join(standInFolder(), 'node_modules', STAND_IN.name, 'dist', 'server.js');

/** @typedef {{ kind: 'minio' | 'stand-in', command: string, args: string[], detail: string }} S3Server */

/** @returns {S3Server | undefined} what is there without any work */
export function findS3Server() {
  const onPath = findCommand('minio');
  if (onPath) return { kind: 'minio', command: onPath, args: [], detail: `MinIO at ${onPath}` };
  const built = builtMinio();
  if (existsSync(built)) return { kind: 'minio', command: built, args: [], detail: 'MinIO, built earlier' };
  if (existsSync(standInScript())) return standIn('MinIO could not be built earlier');
  return undefined;
}

const standIn = (why) => ({
  kind: 'stand-in',
  command: pinnedNode(projectRoot),
  args: [standInScript()],
  detail: `${STAND_IN.name} ${STAND_IN.version} stands in for MinIO: ${why}`,
});

/** `[1, 19]` of "go1.19.8" or of "2:1.19~1". */
const versionIn = (text) => /(?:go|:)(\d+)\.(\d+)/.exec(text)?.slice(1).map(Number) ?? [0, 0];
/** Since 1.21 Go fetches by itself the version that a module asks for. */
const isNewEnough = ([major, minor]) => major > 1 || (major === 1 && minor >= 21);

/** @throws when Go is missing or too old and cannot be installed; the message says what to install. */
async function goCommand(log) {
  const wanted = `Go ${MINIO_GO} or later (https://go.dev/dl)`;
  if (!findCommand('go')) {
    // Older systems offer one that is too old to be worth its 500 MB.
    const { output } = await runProgram('apt-cache', ['policy', 'golang-go'], { timeoutMs: 30_000 });
    const offered = /Candidate: (\S+)/.exec(output)?.[1];
    if (!offered || !isNewEnough(versionIn(offered)))
      throw new Error(`building it needs ${wanted}; there is no \`go\` on the path`);
  }
  const go = await ensureSystemPackage({ command: 'go', aptName: 'golang-go', brewName: 'go', log });
  if (!go.available) throw new Error(go.detail);
  const { output } = await runProgram(go.path, ['env', 'GOVERSION'], { timeoutMs: 30_000 });
  if (!isNewEnough(versionIn(output))) throw new Error(`building it needs ${wanted}, found ${output.trim()}`);
  return go.path;
}

async function buildMinio(log) {
  const go = await goCommand(log);
  log(`building MinIO ${MINIO_VERSION} with Go; this takes minutes, once`);
  await goInstall(go, {
    module: `github.com/minio/minio@${MINIO_VERSION}`,
    target: builtMinio(),
    timeoutMs: BUILD_LIMIT_MS,
  });
}

async function installStandIn(log) {
  const folder = standInFolder();
  log(`installing ${STAND_IN.name} ${STAND_IN.version} from npm`);
  await mkdir(folder, { recursive: true });
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts'];
  const result = await runProgram('npm', [...args, `${STAND_IN.name}@${STAND_IN.version}`], { cwd: folder });
  if (!result.ok || !existsSync(standInScript())) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`npm could not install ${STAND_IN.name}: ${result.output.trim().split('\n').at(-1)}`);
  }
}

/**
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<S3Server>}
 * @throws when neither MinIO nor its stand-in is available
 */
export async function installMinio({ log = () => {} } = {}) {
  const present = findS3Server();
  if (present?.kind === 'minio') return present;
  return withLock(join(cacheFolder(), 'minio.lock'), log, async () => {
    const meanwhile = findS3Server();
    if (meanwhile?.kind === 'minio') return meanwhile;
    try {
      await buildMinio(log);
      return { kind: 'minio', command: builtMinio(), args: [], detail: 'MinIO, built now' };
    } catch (error) {
      log(`MinIO is not available: ${error.message}`);
      if (!existsSync(standInScript())) await installStandIn(log);
      return standIn(error.message);
    }
  });
}

if (invokedDirectly(import.meta.url)) {
  const server = process.argv.includes('--find-only')
    ? findS3Server()
    : await installMinio({ log: (line) => console.log(`minio: ${line}`) });
  if (!server) {
    console.error('there is no MinIO yet; make one with: node tools/install-minio.mjs');
    process.exit(1);
  }
  console.log(JSON.stringify(server));
}
