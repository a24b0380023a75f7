import { describe, expect, it } from '@jest/globals';
import {
  cnnModelConfigSchema,
  lstmModelConfigSchema,
  optimizationRequestSchema,
  studyConfigSchema,
} from '@onegin/contracts';
import { secondDefaults } from './second-defaults.ts';
import { shippedSources } from './source-files.ts';

interface Owner {
  path: string;
  /** What its schema fills in when only what has no default is given. */
  filledIn: Record<string, unknown>;
}

/** Fields of the same name that mean another thing. Each must still be there. */
const otherThings: { path: string; field: string; why: string }[] = [
  ...['architecture/trial-architecture.ts', 'pages/job/trial-list.ts'].map((file) => ({
    path: `frontend/src/app/${file}`,
    field: 'epochs',
    why: 'the epochs that a trial has trained',
  })),
  { path: 'packages/contracts/src/request/pruner-options.ts', field: 'mode', why: 'how ASHA pauses a trial' },
  { path: 'packages/contracts/src/request/stop-rules.ts', field: 'trials', why: 'the window of a stop rule' },
  {
    path: 'packages/datasets/src/load-dataset.ts',
    field: 'seed',
    why: 'the split of data read outside a study',
  },
  {
    path: 'packages/datasets/src/own/own-folder.ts',
    field: 'sequenceLength',
    why: 'tokens that a prepared file keeps, of which a model may read fewer',
  },
  ...['optimizer.ts', 'importance/importances.ts', 'importance/marginals.ts'].map((file) => ({
    path: `packages/search/src/${file}`,
    field: 'seed',
    why: 'the search library used without a request',
  })),
  {
    path: 'packages/search/src/suggest.ts',
    field: 'sampler',
    why: 'the search library used without a request',
  },
];

/** Fields of a strict object schema that have a default. */
function defaultsOf(schema: {
  shape: Record<string, { safeParse(value: unknown): { success: boolean; data?: unknown } }>;
}) {
  const filled: Record<string, unknown> = {};
  for (const [field, type] of Object.entries(schema.shape)) {
    const result = type.safeParse(undefined);
    if (result.success && result.data !== undefined) filled[field] = result.data;
  }
  return filled;
}

const owners: Owner[] = [
  {
    path: 'packages/contracts/src/request/optimization-request.ts',
    filledIn: defaultsOf(optimizationRequestSchema),
  },
  { path: 'packages/contracts/src/request/study-config.ts', filledIn: defaultsOf(studyConfigSchema) },
  {
    path: 'packages/contracts/src/request/model-config.ts',
    filledIn: { ...defaultsOf(cnnModelConfigSchema), ...defaultsOf(lstmModelConfigSchema) },
  },
];

describe('a second default', () => {
  const fields = new Set(['trials', 'useGpu', 'pruner']);
  const finds = (text: string): string[] =>
    secondDefaults('planted.ts', text, fields).map(({ field }) => field);

  it.each([
    'const n = request.trials ?? 50;',
    'const n = body?.trials || 50;',
    "const n = body['trials'] ?? 50;",
    'flags.trials ??= 50;',
    'const f = ({ trials = 50 }) => trials;',
    'const { trials: n = 2 * 25 } = request;',
    'function f(trials: number = 50) { return trials; }',
    "const pruner = flags.pruner ?? { name: 'none' };",
    'const schema = z.object({ trials: z.int().min(1).default(50).describe("how many") });',
    'const openApi = { properties: { trials: { type: "integer", default: 50 } } };',
    'const parameter = { name: "trials", default: 50 };',
    'const formDefaults = { trials: 50, other: f() };',
    'class Page { defaults = { useGpu: false }; readonly x = this.defaults.useGpu ?? false; }',
    "command.option('-t, --trials <n>', 'how many', wholeNumber, 50);",
    "command.option('--use-gpu', 'on a GPU', false);",
    "command.addOption(new Option('--trials <n>').default(50)); const x = { trials: 1 }.trials ?? 50;",
  ])('is found in: %s', (text) => {
    expect(finds(text).length).toBeGreaterThan(0);
  });

  it.each([
    'const n = request.trials;',
    'const n = request.trials ?? requestDefaults.trials;',
    'const { trials } = request;',
    'const input = { dataset: "mnist-10k", trials: 50 };',
    'const other = body.tries ?? 50;',
    "command.option('--trials <n>', 'how many', wholeNumber);",
    'const schema = z.object({ trials: z.int().min(1).max(50) });',
    'if (state.trials || limit()) stop();',
  ])('is not found in: %s', (text) => {
    expect(finds(text)).toEqual([]);
  });
});

describe('every default', () => {
  const sources = shippedSources();

  it('is filled in by its owner', () => {
    const [user, system, architecture] = owners.map(({ filledIn }) => Object.keys(filledIn));
    expect(user).toEqual(
      expect.arrayContaining(['mode', 'trials', 'epochs', 'parallelism', 'sampler', 'pruner']),
    );
    expect(system).toEqual(expect.arrayContaining(['maxFailures', 'maxStarts', 'hungAfterSeconds']));
    expect(architecture).toEqual(
      expect.arrayContaining(['learningRate', 'batchSize', 'filters', 'lstmUnits']),
    );
  });

  it('belongs to one owner: no field has a default in two of them', () => {
    const all = owners.flatMap(({ filledIn }) => Object.keys(filledIn));
    expect(all.filter((field, index) => all.indexOf(field) !== index)).toEqual([]);
  });

  it.each(owners)('of $path is written nowhere else', ({ path, filledIn }) => {
    expect(sources.map((source) => source.path)).toContain(path);
    const fields = new Set(Object.keys(filledIn));
    const found = sources
      .filter((source) => source.path !== path)
      .flatMap((source) =>
        secondDefaults(source.path, source.text, fields).map((one) => ({ path: source.path, ...one })),
      );
    const exceptions = otherThings.filter(({ field }) => fields.has(field));
    const isException = (one: { path: string; field: string }): boolean =>
      exceptions.some(({ path: where, field }) => where === one.path && field === one.field);
    expect(found.filter((one) => !isException(one))).toEqual([]);
    const stale = exceptions.filter(
      (other) => !found.some((one) => one.path === other.path && one.field === other.field),
    );
    expect(stale).toEqual([]);
  });
});
