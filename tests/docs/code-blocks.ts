/** The fenced blocks of the documents. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../tools/project-root.mjs';

export interface CodeBlock {
  /** `file:heading:first line`, what a block is called in `not-run.ts`. */
  readonly name: string;
  readonly language: string;
  readonly text: string;
}

export function blocksIn(file: string, markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let heading = '';
  let open: { language: string; lines: string[] } | undefined;
  for (const line of markdown.split('\n')) {
    const fence = /^\s*```+(\S*)/.exec(line);
    if (fence && open) {
      const { language, lines } = open;
      const first = lines.find((text) => text.trim() !== '')?.trim() ?? '';
      blocks.push({ name: `${file}:${heading}:${first}`, language, text: lines.join('\n') });
      open = undefined;
    } else if (fence) open = { language: fence[1]!, lines: [] };
    else if (open) open.lines.push(line);
    else heading = /^#+ (.*)/.exec(line)?.[1] ?? heading;
  }
  if (open) throw new Error(`${file}: the last block is not closed`);
  return blocks;
}

export function documentedBlocks(): CodeBlock[] {
  const patterns = ['README.md', 'CONTRIBUTING.md', 'docs/*.md'];
  const listed = execFileSync('git', ['ls-files', ...patterns], { cwd: projectRoot, encoding: 'utf8' });
  return listed
    .trim()
    .split('\n')
    .flatMap((file) => blocksIn(file, readFileSync(join(projectRoot, file), 'utf8')));
}
