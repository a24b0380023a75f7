// Removes from node_modules what no program reads while it runs: declarations of types, and maps to sources.
//   node docker/drop-unread-files.mjs node_modules
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const UNREAD = /\.d\.[cm]?ts$|\.[cm]?[jt]s\.map$|\.css\.map$/;

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('expected a folder');
let bytes = 0;
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !UNREAD.test(entry.name)) continue;
  const path = join(entry.parentPath, entry.name);
  bytes += statSync(path).size;
  rmSync(path);
}
console.log(`${Math.round(bytes / 1e6)} MB of declarations and maps removed`);
