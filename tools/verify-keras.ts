/**
 * Does Keras 3 read our `.keras` files, and does it predict what we do? 20 networks drawn from the search space, every
 * kind of layer among them, with random weights: each is exported, opened by Keras and asked for 16 random inputs.
 *
 *   npm run verify:keras [-- --seed 7]
 *
 * Ends with status 1 when a file does not load or a probability differs by more than 1e-5; where Python with Keras
 * is not available it says so and ends with status 0.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LAYER_TYPES, streamOf, type LayerType } from '@onegin/contracts';
import { pickEngine, writeKerasFile } from '@onegin/training';
import { SAMPLES, sampleNetwork } from '../packages/training/src/testing/sample-network.ts';
import { kerasPython } from '../bench/keras-venv.ts';

const CASES = 20;
const TOLERANCE = 1e-5;
const folder = new URL('../.cache/verify-keras/', import.meta.url).pathname;

interface Answer {
  file: string;
  maxDifference?: number;
  spread?: number;
  keras?: string;
  error?: string;
}

async function writeCases(seed: number): Promise<Set<LayerType>> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const engine = await pickEngine({ device: 'cpu' });
  console.log(`our predictions: ${engine.info.name} engine, ${engine.info.detail}`);
  const seen = new Set<LayerType>();
  const cases = [];
  for (let i = 0; i < CASES; i++) {
    const kind = i % 2 ? 'lstm' : 'cnn';
    const { plan, weights, inputs, outputs } = sampleNetwork(engine, kind, streamOf(seed, 'verify-keras', i));
    for (const layer of plan.layers) seen.add(layer.type);
    const file = `${String(i).padStart(2, '0')}-${kind}`;
    const bytes = await writeKerasFile({ plan, weights, name: `onegin_${kind}`, savedAt: new Date() });
    writeFileSync(join(folder, `${file}.keras`), bytes);
    writeFileSync(join(folder, `${file}.inputs`), inputs);
    writeFileSync(join(folder, `${file}.outputs`), outputs);
    const dtype = kind === 'cnn' ? 'float32' : 'int32';
    cases.push({ file, inputShape: plan.inputShape, dtype, classes: plan.classes, samples: SAMPLES });
  }
  writeFileSync(join(folder, 'cases.json'), JSON.stringify(cases));
  return seen;
}

function report(answers: Answer[], seen: Set<LayerType>): boolean {
  for (const { file, maxDifference, spread, error } of answers) {
    const line =
      error ?? `largest difference ${maxDifference!.toExponential(1)} (outputs span ${spread!.toFixed(2)})`;
    console.log(`${file}: ${line}`);
  }
  const missing = LAYER_TYPES.filter((type) => !seen.has(type));
  if (missing.length) console.log(`no case has these layers: ${missing.join(', ')}`);
  const wrong = answers.filter(({ maxDifference }) => !(maxDifference! <= TOLERANCE));
  const worst = Math.max(...answers.map(({ maxDifference }) => maxDifference ?? Infinity));
  console.log(
    `Keras ${answers[0]?.keras}: ${answers.length - wrong.length} of ${CASES} agree within ${TOLERANCE}; ` +
      `largest difference ${worst.toExponential(1)}`,
  );
  return wrong.length === 0 && answers.length === CASES && missing.length === 0;
}

const { seed } = parseArgs({ options: { seed: { type: 'string', default: '1' } } }).values;
const python = kerasPython(console.log);
if ('missing' in python) {
  console.log(`skipped: ${python.missing}`);
} else {
  const seen = await writeCases(Number(seed));
  const script = new URL('verify-keras/predict.py', import.meta.url).pathname;
  const run = spawnSync(python.path, [script, folder], {
    encoding: 'utf8',
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
    maxBuffer: 2 ** 26,
  });
  const lines = run.stdout.split('\n').filter((line) => line.startsWith('{'));
  if (run.status !== 0) console.log(run.stderr.trim().split('\n').slice(-5).join('\n'));
  const good = report(
    lines.map((line) => JSON.parse(line) as Answer),
    seen,
  );
  process.exit(good && run.status === 0 ? 0 : 1);
}
