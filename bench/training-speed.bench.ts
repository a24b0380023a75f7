/**
 * Milliseconds per training step: our engines against Keras 3 and against tfjs's own model.fit, in the same run.
 *
 * The networks: Conv 32 – pool – Conv 64 – pool – Dense 128 – Dropout 0.3 – Dense 10 on 28 × 28 × 1, the same with batch
 * normalization after each convolution, and Embedding 10,000 × 64 – LSTM 64 – Dense 2 on 100 tokens; batch 64, Adam. Every contender is a process of its own, and all
 * take turns in every round, so that a busy moment of the machine hits them alike; ratios are medians over rounds of
 * the ratio within a round. Ours is the real loop: assembling batches, and measuring gradients on 8 steps of an epoch.
 *
 * Trials mostly run side by side. The rows "× 2" are two trainings at once, of which each of ours has half of the cores
 * as its trainer would give it, and Keras what it takes by itself; their time is the machine's for one step.
 *
 * --rounds N (default 3)   --kinds cnn,cnn-norm,lstm   --contenders native,wasm,keras,stock
 */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import type { Bench, BenchArgs } from './bench.ts';
import { kerasPython } from './keras-venv.ts';

type Kind = 'cnn' | 'cnn-norm' | 'lstm';
const CONTENDERS = ['native', 'wasm', 'keras', 'stock'] as const;
type Contender = (typeof CONTENDERS)[number];
const PAIRS = { 'native × 2': 'native', 'Keras 3 × 2': 'keras' } as const;
const LABELS = { native: 'native', wasm: 'wasm', keras: 'Keras 3', stock: 'tfjs-node model.fit' } as const;
type Label = keyof typeof PAIRS | (typeof LABELS)[Contender];

/** What the README promises, on two cores. */
const LIMITS: Record<'nativeOverKeras' | 'wasmSamplesPerSecond', Partial<Record<Kind, number>>> = {
  nativeOverKeras: { cnn: 0.75, lstm: 1 },
  wasmSamplesPerSecond: { cnn: 450, lstm: 220 },
};
const BATCH = 64;
const here = new URL('training-speed/', import.meta.url).pathname;

const bench: Bench = async (args) => {
  const python = kerasPython(args.progress);
  const wanted = args.list('contenders', CONTENDERS) as readonly Contender[];
  const contenders = wanted.filter((name) => name !== 'keras' || 'path' in python);
  const kinds = args.list('kinds', ['cnn', 'cnn-norm', 'lstm']) as readonly Kind[];
  const times = await measure(args, kinds, contenders, 'path' in python ? python.path : '');
  const rows = kinds.flatMap((kind) =>
    ([...Object.values(LABELS), ...Object.keys(PAIRS)] as Label[])
      .filter((label) => times.has(keyOf(kind, label)))
      .map((label) => row(kind, label, times)),
  );
  const failures = kinds.flatMap((kind) => broken(kind, times));
  return {
    title: 'Training speed',
    rows,
    notes: [
      `Milliseconds per step of ${BATCH} samples, median of rounds; every contender is a process of its own.`,
      `Limits: native ≤ ${LIMITS.nativeOverKeras.cnn} × Keras (CNN) and ≤ ${LIMITS.nativeOverKeras.lstm} × Keras (LSTM); ` +
        `wasm ≥ ${LIMITS.wasmSamplesPerSecond.cnn} and ≥ ${LIMITS.wasmSamplesPerSecond.lstm} samples a second.`,
      ...('missing' in python ? [`Keras was not measured: ${python.missing}.`] : []),
      ...failures,
    ],
    passed: failures.length === 0,
  };
};
export default bench;

type Times = Map<string, number[]>;
const keyOf = (kind: Kind, label: Label): string => `${kind} ${label}`;

async function measure(
  args: BenchArgs,
  kinds: readonly Kind[],
  contenders: readonly Contender[],
  python: string,
): Promise<Times> {
  const times: Times = new Map();
  const pairs = Object.entries(PAIRS) as [keyof typeof PAIRS, 'native' | 'keras'][];
  for (let round = 1; round <= args.number('rounds', 3); round++) {
    const note = (kind: Kind, label: Label, ms: number) => {
      args.progress(`round ${round}: ${kind} ${label} ${ms.toFixed(2)} ms`);
      times.set(keyOf(kind, label), [...(times.get(keyOf(kind, label)) ?? []), ms]);
    };
    for (const kind of kinds) {
      for (const contender of contenders)
        note(kind, LABELS[contender], await stepTime(kind, contender, python));
      for (const [label, contender] of pairs.filter(([, name]) => contenders.includes(name))) {
        const share = Math.max(1, Math.floor(availableParallelism() / 2));
        const both = [0, 1].map(() => stepTime(kind, contender, python, share));
        const [one, other] = (await Promise.all(both)) as [number, number];
        note(kind, label, (one + other) / 4);
      }
    }
  }
  return times;
}

/**
 * Milliseconds per step, from a child process that prints them as its last line.
 *
 * @param threads of our engine; all cores without it
 */
async function stepTime(kind: Kind, contender: Contender, python: string, threads?: number): Promise<number> {
  const [command, ...rest] =
    contender === 'keras'
      ? [python, `${here}keras-step.py`, kind]
      : contender === 'stock'
        ? [process.execPath, `${here}stock-fit.cjs`, kind]
        : [process.execPath, `${here}engine-step.ts`, kind, contender, ...(threads ? [String(threads)] : [])];
  const { stdout } = await promisify(execFile)(command!, rest, {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '-1' },
  });
  return Number(stdout.trim().split('\n').at(-1));
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

/** Median over rounds of one contender's time over another's in the same round. */
function ratio(times: Times, kind: Kind, above: Label, below: Label): number | null {
  const [a, b] = [times.get(keyOf(kind, above)), times.get(keyOf(kind, below))];
  return a && b ? median(a.map((value, i) => value / b[i]!)) : null;
}

const rounded = (value: number | null, digits: number): number | null =>
  value === null ? null : Number(value.toFixed(digits));

function row(kind: Kind, label: Label, times: Times) {
  const own = times.get(keyOf(kind, label))!;
  return {
    network: kind,
    contender: label,
    'ms per step': rounded(median(own), 2),
    fastest: rounded(Math.min(...own), 2),
    'samples per second': Math.round((1000 * BATCH) / median(own)),
    'over Keras': rounded(ratio(times, kind, label, label in PAIRS ? 'Keras 3 × 2' : 'Keras 3'), 2),
  };
}

/** Sentences about limits that were not met. */
function broken(kind: Kind, times: Times): string[] {
  const failures: string[] = [];
  const overKeras = ratio(times, kind, 'native', 'Keras 3');
  const limit = LIMITS.nativeOverKeras[kind];
  if (overKeras !== null && limit !== undefined && overKeras > limit)
    failures.push(
      `Not met: native ${kind} takes ${overKeras.toFixed(2)} × Keras's time, at most ${limit} promised.`,
    );
  const wasm = times.get(keyOf(kind, 'wasm'));
  const wanted = LIMITS.wasmSamplesPerSecond[kind];
  const found = wasm ? (1000 * BATCH) / median(wasm) : Infinity;
  if (wanted !== undefined && found < wanted)
    failures.push(
      `Not met: wasm ${kind} trains ${Math.round(found)} samples a second, at least ${wanted} promised.`,
    );
  return failures;
}
