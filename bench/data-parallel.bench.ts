/**
 * What several devices gain: the CNN of `training-speed`, trained by one process and by several that add up their
 * gradients in every step. Devices are processes with one thread each; beside them, one process with as many threads.
 *
 * All variants take turns in every round; speed-ups are medians over rounds of the ratio within a round.
 *
 * --rounds 3   --devices 2   --batches 64,256   --steps 48 (per epoch)
 */
import { fork } from 'node:child_process';
import { createGroupFolder } from '@onegin/training';
import type { Bench } from './bench.ts';
import type { RankOrder, RankTimes } from './data-parallel/rank.ts';

const bench: Bench = async (args) => {
  const devices = args.number('devices', 2);
  const steps = args.number('steps', 48);
  const rows = [];
  for (const batchSize of args.list('batches', ['64', '256']).map(Number)) {
    const found = new Map<string, { ms: number[]; sums: number[]; gain: number[] }>();
    for (let round = 1; round <= args.number('rounds', 3); round++) {
      const order = { batchSize, samples: steps * batchSize };
      const variants: [string, RankTimes][] = [
        ['1 process, 1 thread', await alone({ ...order, place: null, threads: 1 })],
        [`1 process, ${devices} threads`, await alone({ ...order, place: null, threads: devices })],
        [`${devices} processes, 1 thread each`, await together(devices, { ...order, threads: 1 })],
      ];
      for (const [name, { msPerStep, msInSums }] of variants) {
        const entry = found.get(name) ?? { ms: [], sums: [], gain: [] };
        entry.ms.push(msPerStep);
        entry.sums.push(msInSums);
        entry.gain.push(variants[0]![1].msPerStep / msPerStep);
        found.set(name, entry);
        args.progress(`batch ${batchSize}, round ${round}: ${name} ${msPerStep.toFixed(2)} ms`);
      }
    }
    for (const [name, { ms, sums, gain }] of found)
      rows.push({
        'batch size': batchSize,
        variant: name,
        'ms per step': rounded(median(ms)),
        'of it in sums': rounded(median(sums)),
        'speed-up': rounded(median(gain)),
      });
  }
  return {
    title: 'Data-parallel training',
    rows,
    notes: [
      'Batch sizes are of the whole batch, of which each device has its share. "Of it in sums": writing, waiting for ' +
        'the other device, reading and adding 1.7 MB of gradients, on the first device.',
      'Processes on one machine share its memory bandwidth and its cores with each other; GPUs would not.',
    ],
  };
};
export default bench;

const alone = (order: RankOrder): Promise<RankTimes> => runRank(order);

async function together(size: number, order: Omit<RankOrder, 'place'>): Promise<RankTimes> {
  const { folder, remove } = createGroupFolder(size);
  try {
    const ranks = Array.from({ length: size }, (_, rank) => rank);
    const times = await Promise.all(
      ranks.map((rank) => runRank({ ...order, place: { folder, rank, size } })),
    );
    return times[0]!;
  } finally {
    remove();
  }
}

function runRank(order: RankOrder): Promise<RankTimes> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL('data-parallel/rank.ts', import.meta.url), {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.once('message', (times) => resolve(times as RankTimes));
    child.once('exit', (code) => reject(new Error(`a process of the bench ended with code ${code}`)));
    child.send(order);
  });
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const rounded = (value: number): number => Number(value.toFixed(2));
