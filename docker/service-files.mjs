// Lays out what one image is made of, for its Dockerfile, in two folders: OUT/manifests has what `npm install` goes by,
// so that its layer holds while only sources change; OUT/sources has the sources of the service and of the workspace
// packages that it depends on, without specs.
//   node docker/service-files.mjs gateway OUT         a service
//   node docker/service-files.mjs frontend OUT        the web UI, which is built and not run
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [target, out] = process.argv.slice(2);
if (!target || !out) throw new Error('expected the name of a service, or frontend, and a folder');

/** Dependencies of a package that an image does not use: `npm run test:images` shows that it works without. */
const UNUSED =
  {
    gateway: {
      // It describes networks (`@onegin/training/network`) and lists datasets, and does nothing else with either.
      '@onegin/training': /^@tensorflow\/|^h5wasm$/,
      '@onegin/datasets': /^mnist$|^@stdlib\//,
    },
  }[target] ?? {};
/** What of the dependencies for development a build takes; services take none. */
const BUILDS = { frontend: /^@angular\/|^typescript$|^@types\/three$/ }[target];

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
want(target === 'frontend' ? target : join('services', target));

const only = (dependencies, keep) =>
  Object.fromEntries(Object.entries(dependencies ?? {}).filter(([name]) => keep(name)));

function writeManifest(folder) {
  const manifest = manifestIn(folder);
  const unused = UNUSED[manifest.name];
  const path = join(out, 'manifests', folder, 'package.json');
  mkdirSync(dirname(path), { recursive: true });
  const trimmed = {
    ...manifest,
    dependencies: only(manifest.dependencies, (name) => !unused?.test(name)),
    devDependencies: only(manifest.devDependencies, (name) => BUILDS?.test(name)),
  };
  writeFileSync(path, JSON.stringify(trimmed, null, 2));
}

for (const folder of ['.', ...wanted]) writeManifest(folder);
for (const file of ['package-lock.json', '.npmrc']) cpSync(file, join(out, 'manifests', file));
for (const folder of wanted)
  cpSync(folder, join(out, 'sources', folder), {
    recursive: true,
    filter: (path) => !path.endsWith('.spec.ts') && path !== join(folder, 'package.json'),
  });
for (const file of ['LICENSE', 'tsconfig.json'])
  if (existsSync(file)) cpSync(file, join(out, 'sources', file));
console.log([...wanted].join('\n'));
