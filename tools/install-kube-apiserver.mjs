// Finds or builds the API server of Kubernetes for `npm run test:cluster`: from ~/.cache/onegin (or
// $XDG_CACHE_HOME/onegin), else with Go from its module (minutes, 3 GB of disk while it builds, once). Plain
// JavaScript for any Node >= 20.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { invokedDirectly } from './invoked-directly.mjs';
import { withLock } from './lock-folder.mjs';
import { findCommand, runProgram } from './system-packages.mjs';
import { cacheFolder } from './tensorflow/binding-files.mjs';

const VERSION = '1.35.4';
const LIMIT_MS = 60 * 60_000;

const built = () =>
  join(cacheFolder(), `kube-apiserver-${VERSION}-${process.platform}-${process.arch}`, 'kube-apiserver');

/** A program of a module of its own: Kubernetes replaces its parts by folders, so `go install` refuses it. */
const MAIN = `package main

import (
	"os"

	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() { os.Exit(cli.Run(app.NewAPIServerCommand())) }
`;

async function run(go, args, cwd, env) {
  const result = await runProgram(go, args, { cwd, env, timeoutMs: LIMIT_MS });
  if (!result.ok)
    throw new Error(`go ${args[0]} failed: ${result.output.trim().split('\n').slice(-3).join(' ')}`);
  return result.output;
}

async function build(log) {
  const go = findCommand('go');
  if (!go)
    throw new Error('building it needs Go 1.25 or later (https://go.dev/dl); there is no `go` on the path');
  const work = `${dirname(built())}-build-${process.pid}`;
  log(`building kube-apiserver ${VERSION} with Go; this takes minutes, once`);
  try {
    await mkdir(work, { recursive: true });
    const env = {
      ...process.env,
      CGO_ENABLED: '0',
      GOFLAGS: '-mod=mod -trimpath -buildvcs=false',
      GOCACHE: join(work, 'cache'),
    };
    const described = await run(go, ['mod', 'download', '-json', `k8s.io/kubernetes@v${VERSION}`], work, env);
    const folder = /"Dir": "([^"]+)"/.exec(described)?.[1];
    const manifest = await readFile(join(folder, 'go.mod'), 'utf8');
    const parts = [...manifest.matchAll(/(k8s\.io\/[a-z-]+) => \.\/staging/g)].map(([, name]) => name);
    const version = VERSION.replace(/^1\./, '0.');
    const lines = ['module onegin/kube-apiserver', 'go 1.25.0', `require k8s.io/kubernetes v${VERSION}`];
    lines.push(...parts.map((name) => `replace ${name} => ${name} v${version}`));
    await writeFile(join(work, 'go.mod'), `${lines.join('\n')}\n`);
    await writeFile(join(work, 'main.go'), MAIN);
    await run(go, ['mod', 'tidy'], work, env);
    const [major, minor] = VERSION.split('.');
    const named = { gitVersion: `v${VERSION}`, gitMajor: major, gitMinor: minor };
    const flags = Object.entries(named).map(
      ([key, value]) => `-X k8s.io/component-base/version.${key}=${value}`,
    );
    await run(
      go,
      ['build', '-ldflags', ['-s', '-w', ...flags].join(' '), '-o', 'kube-apiserver', '.'],
      work,
      env,
    );
    await mkdir(dirname(built()), { recursive: true });
    await rename(join(work, 'kube-apiserver'), built());
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<string>} its path
 * @throws Error saying why it is not available
 */
export async function installKubeApiserver({ log = () => {} } = {}) {
  if (existsSync(built())) return built();
  return withLock(join(cacheFolder(), 'kube-apiserver.lock'), log, async () => {
    if (!existsSync(built())) await build(log);
    return built();
  });
}

if (invokedDirectly(import.meta.url))
  console.log(await installKubeApiserver({ log: (line) => console.log(`kube-apiserver: ${line}`) }));
