/** Jest, started once, running one spec after another in this process; a source can be replaced in between. */
import { fileURLToPath } from 'node:url';
import { createScriptTransformer } from '@jest/transform';
import { transformSync } from '@swc/core';
import { readConfigs } from 'jest-config';
import jestRunner, { type Test } from 'jest-runner';
import jestRuntime from 'jest-runtime';
import { TestWatcher } from 'jest-watcher';

// To TypeScript these are CommonJS with a field `default`; Node gets them as modules that have the class itself there.
const TestRunner = jestRunner as unknown as typeof jestRunner.default;
const Runtime = jestRuntime as unknown as typeof jestRuntime.default;

const root = fileURLToPath(new URL('../../', import.meta.url));
const environment = fileURLToPath(new URL('probing-environment.cjs', import.meta.url));

/** The text to run in place of the file's own; null: its own. */
export type Replacement = (file: string) => string | null;

/** Runs a spec and says whether all of its tests pass; it stops at the first that does not. */
export type RunSpec = (spec: string) => Promise<boolean>;

export async function warmJest(replacement: Replacement): Promise<RunSpec> {
  const argv = { _: [], $0: '', selectProjects: ['unit'], ci: true, silent: true, watchman: false, bail: 1 };
  const { globalConfig, configs } = await readConfigs(argv, [root]);
  const unit = configs.find(({ displayName }) => displayName?.name === 'unit')!;
  const config = { ...unit, testEnvironment: environment };
  await replaceSources(config, replacement);
  const context = await Runtime.createContext(config, { maxWorkers: 1, watchman: false });
  return async (spec) => {
    const runner = new TestRunner(globalConfig, {});
    let passed = false;
    runner.on('test-file-success', ([, { numFailingTests, testExecError }]) => {
      passed = numFailingTests === 0 && testExecError === undefined;
    });
    const test: Test = { context, path: spec };
    await runner.runTests([test], new TestWatcher({ isWatchMode: false }), { serial: true });
    return passed;
  };
}

type Transformer = Awaited<ReturnType<typeof createScriptTransformer>>;

/** Jest keeps what it has transformed by a file's time of change, which a replaced text does not have. */
async function replaceSources(
  config: Parameters<typeof createScriptTransformer>[0],
  replacement: Replacement,
): Promise<void> {
  const prototype = Object.getPrototypeOf(await createScriptTransformer(config)) as Transformer;
  const replaced = (file: string): ReturnType<Transformer['transform']> | null => {
    const text = replacement(file);
    if (text === null) return null;
    const { code } = transformSync(text, {
      filename: file,
      jsc: { target: 'es2024', parser: { syntax: 'typescript' } },
      module: { type: 'es6' },
    });
    return { code, originalCode: text, sourceMapPath: null };
  };
  const { transform, transformAsync } = prototype;
  prototype.transform = function (this: Transformer, file, ...rest) {
    return replaced(file) ?? transform.call(this, file, ...rest);
  };
  prototype.transformAsync = async function (this: Transformer, file, ...rest) {
    return replaced(file) ?? transformAsync.call(this, file, ...rest);
  };
}
