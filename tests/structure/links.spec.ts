import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './source-files.ts';

/** Links to files of the repository that lead nowhere. */
function deadLinks(path: string, text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:|^#/.test(target))
    .filter((target) => !existsSync(join(root, dirname(path), target.split('#')[0] ?? '')))
    .map((target) => `${path}: ${target}`);
}

describe('links between documents', () => {
  it('are found where they are dead', () => {
    const text =
      '[a](README.md) [b](docs/nothing.md) [c](https://example.org) [d](#part) [e](README.md#part)';
    expect(deadLinks('CHANGELOG.md', text)).toEqual(['CHANGELOG.md: docs/nothing.md']);
  });

  it('lead somewhere', () => {
    const files = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
      .trim()
      .split('\n');
    expect(files).toContain('README.md');
    expect(files.flatMap((file) => deadLinks(file, readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });
});
