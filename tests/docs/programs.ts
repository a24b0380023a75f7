/** Type-checks and runs the programs of the documents, each with what its page takes as given. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../../tools/project-root.mjs';

/** Inside the project, so that its packages are found. */
const folder = join(projectRoot, '.cache', 'docs-programs');

const searched = `
import { createOptimizer, createPruner, createMarginals, createStopRule, importances, type Direction } from '@onegin/search';
import type { SearchSpace } from '@onegin/contracts';
const seed = 1, number = 0, step = 1, elapsedMs = 0;
const space: SearchSpace = { lr: { type: 'float', low: 0, high: 1 }, units: { type: 'int', low: 1, high: 9 } };
const directions: Direction[] = ['maximize'];
const searched = createOptimizer({ space, directions, seed });
for (let i = 0; i < 30; i++) {
  const { number, params } = searched.ask();
  searched.tell(number, Number(params['lr']) * Number(params['units']));
}
const { history } = searched;
const trial = history[0]!;
`;

/** What stands before a program, by page. */
const given: Readonly<Record<string, string>> = {
  'docs/search.md': 'const train = async (params: object) => Object.keys(params).length;\n',
  'docs/search-pruning.md': searched,
};

/** What is parsed for one program is there for the next. */
let latest: ts.Program | undefined;

export function runProgram(page: string, text: string, cwd: string): void {
  const file = write('program.ts', `${given[page] ?? ''}${text}\nexport {};\n`);
  const program = ts.createProgram([file], compilerOptions(), undefined, latest);
  latest = program;
  const source = program.getSourceFile(file);
  const faults = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  if (faults.length > 0)
    throw new Error(
      faults.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')).join('\n'),
    );
  execFileSync(process.execPath, [file], { cwd, stdio: 'pipe' });
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(projectRoot, 'tsconfig.json'), ts.sys.readFile) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, projectRoot);
  // A page shows one thing at a time: not all of what it takes as given is used.
  return {
    ...options,
    noUnusedLocals: false,
    incremental: false,
    tsBuildInfoFile: undefined,
    types: ['node'],
  };
}

/** Runs a page's script that watches a job, until the job has ended. */
export function runWatcher(text: string, jobId: string): void {
  const file = write(
    'watcher.mjs',
    `const jobId = ${JSON.stringify(jobId)};\n${text}
const ended = setInterval(() => {
  if (state?.status !== 'completed') return;
  clearInterval(ended);
  socket.close();
}, 50);\n`,
  );
  const { status, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8', timeout: 30_000 });
  if (status !== 0 || stderr !== '') throw new Error(`the script ended with ${status}: ${stderr}`);
}

export const removePrograms = (): void => rmSync(folder, { recursive: true, force: true });

function write(name: string, text: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}
