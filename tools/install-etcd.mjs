// Finds or fetches etcd for `npm run test:cluster`: on the path; from an earlier fetch into ~/.cache/onegin (or
// $XDG_CACHE_HOME/onegin); taken out of Debian's package. Plain JavaScript for any Node >= 20.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { invokedDirectly } from './invoked-directly.mjs';
import { withLock } from './lock-folder.mjs';
import { findCommand, installHint } from './system-packages.mjs';
import { cacheFolder } from './tensorflow/binding-files.mjs';
import { unpackDebianPackage } from './unpack-debian-package.mjs';

const fetchedFolder = () => join(cacheFolder(), `etcd-${process.platform}-${process.arch}`);
const fetched = () => join(fetchedFolder(), 'usr', 'bin', 'etcd');

/**
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<string>} its path
 * @throws Error with the command to type
 */
export async function installEtcd({ log = () => {} } = {}) {
  const present = findCommand('etcd');
  if (present) return present;
  if (existsSync(fetched())) return fetched();
  const why = findCommand('apt-get')
    ? await withLock(`${fetchedFolder()}.lock`, log, () =>
        existsSync(fetched()) ? null : unpackDebianPackage('etcd-server', fetchedFolder(), log),
      )
    : 'there is no apt-get here to fetch it with';
  if (existsSync(fetched())) return fetched();
  throw new Error(`etcd is missing (${why}). Install it with: ${installHint('etcd-server', 'etcd')}`);
}

if (invokedDirectly(import.meta.url))
  console.log(await installEtcd({ log: (line) => console.log(`etcd: ${line}`) }));
