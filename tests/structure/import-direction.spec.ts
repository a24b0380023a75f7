import { createRequire } from 'node:module';
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');

/** Runs dependency-cruiser over the tree with its rules; exits non-zero on a violation and prints it. */
function cruise(): { violations: { rule: { name: string }; from: string; to: string }[]; modules: number } {
  const require = createRequire(import.meta.url);
  const bin = join(dirname(require.resolve('dependency-cruiser/package.json')), 'bin/dependency-cruise.mjs');
  const args = [bin, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'packages', 'services'];
  let stdout: string;
  try {
    stdout = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
  } catch (error) {
    stdout = (error as { stdout: string }).stdout;
  }
  const report = JSON.parse(stdout) as {
    modules: unknown[];
    summary: { violations: { rule: { name: string }; from: string; to: string }[] };
  };
  return { violations: report.summary.violations, modules: report.modules.length };
}

describe('imports', () => {
  it('point one way and have no cycles', () => {
    const { violations, modules } = cruise();
    expect(modules).toBeGreaterThan(10);
    expect(violations.map((v) => `${v.rule.name}: ${v.from} → ${v.to}`)).toEqual([]);
  }, 120_000);
});
