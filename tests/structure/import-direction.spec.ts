import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './source-files.ts';

interface Module {
  source: string;
  dependencies: { resolved: string }[];
}
interface Report {
  modules: Module[];
  summary: { violations: { rule: { name: string }; from: string; to: string }[] };
}

/** Runs dependency-cruiser with the project's rules over `packages`, `services` and `frontend` of a folder. */
function cruise(folder: string): { violations: string[]; modules: Module[] } {
  const bin = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs');
  const config = join(root, '.dependency-cruiser.cjs');
  const web = existsSync(join(folder, 'frontend')) ? ['frontend/src'] : [];
  const args = [bin, '--config', config, '--output-type', 'json', 'packages', 'services', ...web];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser said: ${stderr}${stdout}`);
  const { modules, summary } = JSON.parse(stdout) as Report;
  return {
    violations: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
    modules,
  };
}

/** A small workspace with the files of `sources`. */
function plant(sources: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'onegin-imports-'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'tsconfig.json'), '{ "compilerOptions": { "module": "nodenext" } }');
  mkdirSync(join(folder, 'node_modules', '@onegin'), { recursive: true });
  for (const workspace of ['packages/contracts', 'packages/search', 'packages/study', 'services/gateway']) {
    const name = workspace.split('/')[1] ?? '';
    mkdirSync(join(folder, workspace, 'src'), { recursive: true });
    const manifest = { name: `@onegin/${name}`, type: 'module', exports: { '.': './src/index.ts' } };
    writeFileSync(join(folder, workspace, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, workspace, 'src', 'index.ts'), 'export const one = 1;\n');
    symlinkSync(join(folder, workspace), join(folder, 'node_modules', '@onegin', name));
  }
  for (const [path, text] of Object.entries(sources)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

describe('imports', () => {
  it.each([
    [
      'packages/search/src/bad.ts',
      "import { one } from '@onegin/study';\nexport const two = one;\n",
      'packages search-imports',
    ],
    [
      'packages/contracts/src/bad.ts',
      "import type { A } from '@onegin/search';\nexport type B = A;\n",
      'packages contracts-imports',
    ],
    [
      'packages/study/src/bad.ts',
      "export { one } from '../../../services/gateway/src/index.ts';\n",
      'packages study-imports',
    ],
    [
      'packages/search/src/bad.ts',
      "import { readFileSync } from 'node:fs';\nexport const two = readFileSync;\n",
      'search-is-pure',
    ],
    [
      'frontend/src/bad.ts',
      "import { one } from '@onegin/study';\nexport const two = one;\n",
      'frontend-imports',
    ],
    ['packages/search/src/index.ts', "export * from './index.ts';\n", 'no-cycle'],
  ])(
    'a planted %s is found out',
    (path, text, rule) => {
      const folder = plant({ [path]: text });
      try {
        expect(cruise(folder).violations.filter((line) => line.startsWith(`${rule}: `))).toHaveLength(1);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    60_000,
  );

  it('point one way and have no cycles', () => {
    const { violations, modules } = cruise(root);
    // The rules see imports between packages only when these are followed to the sources.
    const crossings = modules
      .filter(({ source }) => source.startsWith('packages/search/'))
      .flatMap(({ dependencies }) => dependencies.map(({ resolved }) => resolved));
    expect(crossings).toContain('packages/contracts/src/index.ts');
    expect(violations).toEqual([]);
  }, 120_000);
});
