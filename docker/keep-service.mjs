// Copies what one service runs on into an empty folder: its own sources, the workspace packages that it depends
// on, and the installed dependencies. Specs and what only they use stay behind.
//   node docker/keep-service.mjs gateway /out
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const [service, out] = process.argv.slice(2);
if (!service || !out) throw new Error('expected the name of a service and a folder');

const manifestIn = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const folders = ['packages', 'services'].flatMap((kind) => readdirSync(kind).map((name) => join(kind, name)));
const folderOf = new Map(folders.map((folder) => [manifestIn(folder).name, folder]));

const wanted = new Set();
const want = (folder) => {
  if (wanted.has(folder)) return;
  wanted.add(folder);
  for (const name of Object.keys(manifestIn(folder).dependencies ?? {}))
    if (folderOf.has(name)) want(folderOf.get(name));
};
want(join('services', service));

mkdirSync(out, { recursive: true });
for (const file of ['package.json', 'LICENSE']) cpSync(file, join(out, file));
for (const folder of wanted)
  cpSync(folder, join(out, folder), { recursive: true, filter: (path) => !path.endsWith('.spec.ts') });
cpSync('node_modules', join(out, 'node_modules'), { recursive: true, verbatimSymlinks: true });

// Links to workspace packages that were left behind.
for (const scope of ['.', '@onegin']) {
  const folder = join(out, 'node_modules', scope);
  if (!existsSync(folder)) continue;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (lstatSync(path).isSymbolicLink() && !existsSync(path)) rmSync(path);
  }
}
rmSync(join(out, 'node_modules', '.bin'), { recursive: true, force: true });
console.log([...wanted].join('\n'));
