/**
 * Whether the messages of commits are Conventional Commits with a body that says why.
 *
 *   npm run commits -- BASE..HEAD
 */
import { execFileSync } from 'node:child_process';
import { invokedDirectly } from './invoked-directly.mjs';
import { projectRoot } from './project-root.mjs';

const TYPES = ['build', 'chore', 'ci', 'docs', 'feat', 'fix', 'perf', 'refactor', 'revert', 'style', 'test'];
const HEADER = new RegExp(`^(?:${TYPES.join('|')})(?:\\([a-z0-9-]+\\))?!?: \\S`);
const LONGEST_HEADER = 100;
/** What git and npm write themselves. */
const WRITTEN_BY_PROGRAMS = /^(?:Merge |Revert "|chore\(release\): )/;

/** In words; empty when the message is as it should be. */
export function messageFaults(message: string): string[] {
  const [header = '', gap = '', ...body] = message.trim().split('\n');
  if (WRITTEN_BY_PROGRAMS.test(header)) return [];
  const faults: string[] = [];
  if (!HEADER.test(header)) faults.push(`expected “type(scope): subject” with a type of ${TYPES.join(', ')}`);
  if (header.length > LONGEST_HEADER)
    faults.push(`expected at most ${LONGEST_HEADER} characters in the first line, found ${header.length}`);
  if (header.endsWith('.')) faults.push('expected no full stop after the subject');
  if (gap !== '') faults.push('expected an empty second line');
  if (body.join('').trim() === '') faults.push('expected a body that says why');
  return faults;
}

function check(range: string): void {
  const log = execFileSync('git', ['log', '--reverse', '-z', '--format=%h%n%B', range], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  let count = 0;
  for (const entry of log.split('\0').filter(Boolean)) {
    const [hash = '', ...lines] = entry.split('\n');
    count++;
    for (const fault of messageFaults(lines.join('\n'))) {
      console.error(`${hash} ${lines[0]}: ${fault}`);
      process.exitCode = 1;
    }
  }
  console.log(`${count} commits checked`);
}

if (invokedDirectly(import.meta.url)) {
  const [range] = process.argv.slice(2);
  if (range === undefined) {
    console.error('expected a range of commits, such as main..HEAD');
    process.exitCode = 1;
  } else check(range);
}
