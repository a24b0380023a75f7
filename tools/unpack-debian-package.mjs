// Takes the files out of a Debian package without installing it, which would start a service. Needs no root: the
// package lists of the system name what is fetched. Plain JavaScript for any Node >= 20.
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './system-packages.mjs';

const FETCH_LIMIT_MS = 5 * 60_000;

/**
 * @param {string} name the package's
 * @param {string} folder where its files lie afterwards, all at once or not at all
 * @param {(line: string) => void} log
 * @returns {Promise<string | null>} why not; null when they are there
 */
export async function unpackDebianPackage(name, folder, log) {
  const unfinished = `${folder}.part`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const options = { cwd: unfinished, timeoutMs: FETCH_LIMIT_MS };
  log(`fetching the Debian package ${name}`);
  let result = await runProgram('apt-get', ['download', '-q', name], options);
  if (!result.ok) {
    // The lists may be old or missing; only root can renew them.
    await runProgram('apt-get', ['update', '-q'], options);
    result = await runProgram('apt-get', ['download', '-q', name], options);
  }
  const file = readdirSync(unfinished).find((entry) => entry.endsWith('.deb'));
  if (!result.ok || !file) return result.output.trim().split('\n').at(-1) ?? 'apt-get said nothing';
  const unpacked = await runProgram('dpkg-deb', ['-x', file, '.'], options);
  if (!unpacked.ok) return unpacked.output.trim();
  rmSync(join(unfinished, file));
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
  return null;
}
