import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../project-root.mjs';
import { retiredWords, type RetiredWord } from './retired-words.ts';

export interface Hit {
  readonly path: string;
  /** From 1; 0: the path itself. */
  readonly line: number;
  /** Of the word's first letter, from 0. */
  readonly column: number;
  readonly word: string;
  readonly instead: string;
}

/** @param path relative to the project, with slashes: it decides about exceptions and is looked through as well */
export function retiredWordsIn(
  path: string,
  text: string,
  words: readonly RetiredWord[] = retiredWords,
): Hit[] {
  if (isExempt(path)) return [];
  const held = words.filter(({ except }) => !except?.paths.test(path));
  return [path, ...text.split('\n')].flatMap((content, line) =>
    held.flatMap(({ pattern, instead }) =>
      [...content.matchAll(new RegExp(pattern, `g${pattern.flags}`))].map(({ index, 0: word }) => ({
        path,
        line,
        column: index,
        word: word.trim(),
        instead,
      })),
    ),
  );
}

/** Names the retired words, or was made by others or by another program. */
const isExempt = (path: string): boolean =>
  /^tools\/words\/|^tests\/structure\/retired-words\.spec\.ts$|^bench\/results\/|^package-lock\.json$|\/testing\/frozen\/|\.golden\.json$/.test(
    path,
  );

const TEXTS =
  /\.(?:[cm]?[jt]s|html|s?css|md|ya?ml|tpl|lua|cc|h|py|json|sh|txt)$|(?:^|[./])(?:Dockerfile|env\.example)/;

/** All hits in the files of the working tree. */
export function retiredWordsInProject(except = /^$/): Hit[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  return listed
    .split('\0')
    .filter((path) => TEXTS.test(path) && !except.test(path) && existsSync(join(projectRoot, path)))
    .flatMap((path) => retiredWordsIn(path, readFileSync(join(projectRoot, path), 'utf8')));
}
