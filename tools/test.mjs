#!/usr/bin/env node
// `npm test`: makes the clone ready, then checks types and style and runs the unit and integration tests, all
// of them, also when an earlier step failed. `npm test -- types unit` runs only the steps that are named.
// The last line says how many tests passed and failed; a check that fails counts as one failed test.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from './project-root.mjs';
import { withPinnedNode } from './set-up/npm-packages.mjs';
import { main, SetUpError } from './set-up/step.mjs';
import { setUp } from './setup.mjs';

/** A step that takes longer hangs. */
const STEP_LIMIT_MS = 30 * 60_000;
const MAX_WORKERS = 4;

const bin = (...path) => join('node_modules', ...path);
const jest = (project, ...more) => [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  bin('jest', 'bin', 'jest.js'),
  '--ci',
  '--selectProjects',
  project,
  ...more,
];

/** Each a program of the pinned Node. Those with `counts` write jest's results as JSON. */
const STEPS = [
  { name: 'types', args: [bin('typescript', 'bin', 'tsc'), '-p', 'tsconfig.json'] },
  // Templates too, and the specs that the build leaves out.
  {
    name: 'types-web',
    args: [
      bin('@angular', 'compiler-cli', 'bundles', 'src', 'bin', 'ngc.js'),
      '-p',
      'frontend/tsconfig.json',
    ],
  },
  { name: 'eslint', args: [bin('eslint', 'bin', 'eslint.js'), '.', '--max-warnings', '0'] },
  {
    name: 'prettier',
    args: [bin('prettier', 'bin', 'prettier.cjs'), '--check', '.', '--log-level', 'warn'],
  },
  { name: 'audit', args: [join('tools', 'audit.mjs')] },
  {
    name: 'unit',
    args: jest('unit', `--maxWorkers=${Math.min(MAX_WORKERS, availableParallelism())}`),
    counts: true,
  },
  {
    name: 'web',
    args: jest('web', `--maxWorkers=${Math.min(MAX_WORKERS, availableParallelism())}`),
    counts: true,
  },
  // One at a time: each brings up servers and takes the whole machine.
  { name: 'integration', args: jest('integration', '--runInBand'), counts: true },
];

function run(node, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, {
      cwd: projectRoot,
      env: withPinnedNode(projectRoot),
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const timer = setTimeout(() => {
      console.error(`not finished after ${STEP_LIMIT_MS / 60_000} minutes`);
      child.kill('SIGKILL');
    }, STEP_LIMIT_MS);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}

/** What jest wrote, as counts; a file of tests that could not even be loaded is one failed test. */
function countsIn(file) {
  try {
    const results = JSON.parse(readFileSync(file, 'utf8'));
    return {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
  } catch {
    return undefined;
  }
}

async function runStep(node, { name, args, counts }, folder) {
  console.log(`\n--- ${name}`);
  const startedAt = performance.now();
  const file = join(folder, `${name}.json`);
  const ok = await run(node, counts ? [...args, '--json', '--outputFile', file] : args);
  const seconds = (performance.now() - startedAt) / 1000;
  const found = counts ? countsIn(file) : undefined;
  // Ended badly without a failed test: it crashed or hung.
  const failed = found?.failed || (ok ? 0 : 1);
  return {
    name,
    ok: ok && failed === 0,
    seconds,
    passed: found?.passed ?? 0,
    failed,
    skipped: found?.skipped ?? 0,
  };
}

function report(results) {
  console.log('\n--- summary');
  for (const { name, ok, seconds, passed, failed, skipped } of results) {
    const counts =
      passed + skipped > 0 || failed > 1 ? `${passed} passed, ${failed} failed, ${skipped} skipped` : '';
    console.log(
      `${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(12)} ${seconds.toFixed(1).padStart(7)} s  ${counts}`,
    );
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
}

await main(async () => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !STEPS.some((step) => step.name === name));
  if (unknown.length > 0)
    throw new SetUpError(
      `There is no step ${unknown.join(', ')}; there are ${STEPS.map((s) => s.name).join(', ')}.`,
    );
  const { node } = await setUp({ forTests: true });
  const folder = mkdtempSync(join(tmpdir(), 'onegin-test-'));
  const results = [];
  try {
    for (const step of STEPS)
      if (wanted.length === 0 || wanted.includes(step.name)) results.push(await runStep(node, step, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  report(results);
  if (!results.every(({ ok }) => ok)) process.exitCode = 1;
});
