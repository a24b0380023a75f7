import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { projectRoot } from './project-root.mjs';
import { releasedChangelog } from './release.ts';

const PATTERNS = [
  ...['package.json', 'packages/*/package.json', 'services/*/package.json', 'frontend/package.json'],
  ...[
    'package-lock.json',
    '.npmrc',
    'CHANGELOG.md',
    'compose.yaml',
    'docker/README.md',
    'docs/kubernetes.md',
  ],
  ...['k8s', 'helm/onegin/Chart.yaml', 'tools/release.ts', 'tools/*.mjs'],
];
const NEXT = '9.8.7';
let copy: string;

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], {
    cwd,
    encoding: 'utf8',
  });
const text = (path: string): string => readFileSync(join(copy, path), 'utf8');

describe('a release of a copy', () => {
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'onegin-release-'));
    const files = git(projectRoot, 'ls-files', '--cached', '--others', '--exclude-standard', ...PATTERNS);
    for (const path of files.trim().split('\n')) {
      mkdirSync(dirname(join(copy, path)), { recursive: true });
      cpSync(join(projectRoot, path), join(copy, path));
    }
    // There is something to release whatever the project's own changelog says.
    const news = text('CHANGELOG.md').replace(
      '## [Unreleased]\n',
      '## [Unreleased]\n\n- A planted change.\n',
    );
    writeFileSync(join(copy, 'CHANGELOG.md'), news);
    git(copy, 'init', '--quiet');
    git(copy, 'add', '--all');
    git(copy, 'commit', '--quiet', '--message', 'chore: begin');
    const bin = join(projectRoot, 'node_modules', '.bin');
    execFileSync('npm', ['run', '--silent', 'release', '--', NEXT], {
      cwd: copy,
      stdio: 'pipe',
      env: {
        ...process.env,
        PATH: `${bin}${delimiter}${process.env['PATH']}`,
        npm_config_offline: 'true',
        ...{ GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.org' },
        ...{ GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.org' },
      },
    });
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it('is one commit with a tag, and nothing is left over', () => {
    expect(git(copy, 'status', '--porcelain')).toBe('');
    expect(git(copy, 'log', '-1', '--format=%s %D')).toMatch(/^chore\(release\): 9\.8\.7 .*tag: v9\.8\.7/);
  });

  it('has one version in all manifests and in the lock', () => {
    const manifests = git(copy, 'ls-files', '*package.json').trim().split('\n');
    const lock = JSON.parse(text('package-lock.json')) as { packages: Record<string, object> };
    const own = /^(?:@onegin\/|onegin$)/;
    for (const path of manifests) {
      const locked = lock.packages[path === 'package.json' ? '' : dirname(path)];
      for (const manifest of [JSON.parse(text(path)), locked] as Record<string, Record<string, string>>[]) {
        const { dependencies = {}, devDependencies = {} } = manifest;
        const internal = Object.entries({ ...dependencies, ...devDependencies }).filter(([name]) =>
          own.test(name),
        );
        expect([path, manifest['version'], ...internal.map(([, version]) => version)]).toEqual([
          path,
          ...Array<string>(internal.length + 1).fill(NEXT),
        ]);
      }
    }
    expect(manifests.length).toBeGreaterThan(10);
  });

  it('names the chart, its images and the images of compose alike', () => {
    expect(text('helm/onegin/Chart.yaml')).toMatch(/^version: 9\.8\.7\nappVersion: 9\.8\.7$/m);
    const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
      version: string;
    };
    for (const path of [
      'compose.yaml',
      'docker/README.md',
      'docs/kubernetes.md',
      'k8s/onegin.yaml',
      'k8s/README.md',
    ]) {
      expect(text(path)).toContain(`:${NEXT}`);
      expect(text(path)).not.toContain(version);
    }
  });

  it('has its section in the changelog', () => {
    const date = new Date().toISOString().slice(0, 10);
    expect(text('CHANGELOG.md')).toContain(
      `## [Unreleased]\n\n## [${NEXT}] - ${date}\n\n- A planted change.\n`,
    );
  });
});

test('a release of nothing is refused', () => {
  const changelog = '# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-01-01\n\n- a\n';
  expect(() => releasedChangelog(changelog, NEXT, '2026-02-02')).toThrow('found none');
});
