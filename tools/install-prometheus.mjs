#!/usr/bin/env node
// Finds or fetches `prometheus` and `promtool`, which the tests of monitoring/ run. Plain JavaScript for any
// Node >= 20. In this order: on the path; fetched by an earlier run into ~/.cache/onegin; taken out of Debian's
// package, which is not installed, as that would start a service; with brew, which starts none.
// As a program it ends with one line of JSON; with --find-only it fetches nothing, and ends with status 1 when
// nothing is there yet.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { invokedDirectly } from './invoked-directly.mjs';
import { withLock } from './lock-folder.mjs';
import { ensureSystemPackage, findCommand, installHint } from './system-packages.mjs';
import { cacheFolder } from './tensorflow/binding-files.mjs';
import { unpackDebianPackage } from './unpack-debian-package.mjs';

const fetchedFolder = () => join(cacheFolder(), `prometheus-${process.platform}-${process.arch}`);

/** @typedef {{ prometheus: string, promtool: string, detail: string }} Prometheus */

/** @returns {Prometheus | undefined} what is there without any work */
export function findPrometheus() {
  const prometheus = findCommand('prometheus');
  const promtool = findCommand('promtool');
  if (prometheus && promtool) return { prometheus, promtool, detail: prometheus };
  const folder = join(fetchedFolder(), 'usr', 'bin');
  const fetched = { prometheus: join(folder, 'prometheus'), promtool: join(folder, 'promtool') };
  return existsSync(fetched.promtool) ? { ...fetched, detail: 'taken out of its Debian package' } : undefined;
}

/**
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<{ detail: string, value: Prometheus | undefined }>} undefined: it is not available here
 */
export async function installPrometheus({ log = () => {} } = {}) {
  const present = findPrometheus();
  if (present) return { detail: present.detail, value: present };
  let why = 'there is no apt-get here to fetch it with';
  if (process.platform === 'darwin')
    why = (await ensureSystemPackage({ command: 'prometheus', aptName: 'prometheus', log })).detail;
  else if (findCommand('apt-get')) {
    why = await withLock(`${fetchedFolder()}.lock`, log, () =>
      findPrometheus() ? null : unpackDebianPackage('prometheus', fetchedFolder(), log),
    );
  }
  const found = findPrometheus();
  if (found) return { detail: found.detail, value: found };
  const hint = installHint('prometheus');
  return {
    detail: `Prometheus is missing (${why}); its tests will fail. Install: ${hint}`,
    value: undefined,
  };
}

if (invokedDirectly(import.meta.url)) {
  const findOnly = process.argv.includes('--find-only');
  const { detail, value } = findOnly
    ? { detail: 'not there yet', value: findPrometheus() }
    : await installPrometheus({ log: console.error });
  console.log(JSON.stringify(value ?? { detail }));
  process.exitCode = value ? 0 : 1;
}
