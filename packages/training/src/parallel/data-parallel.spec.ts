import { fork } from 'node:child_process';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { NamedWeights } from '../loop/trial.ts';
import type { RankAnswer, RankOrder } from '../testing/rank-process.ts';
import { shareOf } from './device-group.ts';
import { createGroupFolder } from './shared-folder.ts';

// Every device is a process that loads TensorFlow; a busy machine takes its time over that.
jest.setTimeout(180_000);

const children = new Set<ReturnType<typeof fork>>();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

/** What the process of one device answers; undefined when it died. */
function runRank(order: RankOrder): Promise<RankAnswer | undefined> {
  return new Promise((resolve, reject) => {
    const script = new URL('../testing/rank-process.ts', import.meta.url);
    const child = fork(script, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    children.add(child);
    let answer: RankAnswer | undefined;
    child.on('message', (message) => (answer = message as RankAnswer));
    child.on('error', reject);
    child.on('exit', () => resolve(answer));
    child.send(order);
  });
}

async function runGroup(
  size: number,
  order: RankOrder,
  own: Partial<RankOrder>[] = [],
): Promise<(RankAnswer | undefined)[]> {
  const { folder, remove } = createGroupFolder(size);
  try {
    return await Promise.all(
      Array.from({ length: size }, (_, rank) =>
        runRank({ ...order, ...own[rank], place: { folder, rank, size } }),
      ),
    );
  } finally {
    remove();
  }
}

function resultOf(answer: RankAnswer | undefined) {
  if (!answer || !('result' in answer)) throw new Error(`expected a result, found ${JSON.stringify(answer)}`);
  return answer.result;
}

/** Largest difference of a weight, relative to the largest weight of its tensor. */
function difference(a: NamedWeights, b: NamedWeights): number {
  expect(a.map(({ layer, name }) => `${layer}/${name}`)).toEqual(
    b.map(({ layer, name }) => `${layer}/${name}`),
  );
  return Math.max(
    ...a.map(({ values }, w) => {
      const other = b[w]!.values;
      const scale = other.reduce((top, value) => Math.max(top, Math.abs(value)), 1e-3);
      return values.reduce((top, value, i) => Math.max(top, Math.abs(value - other[i]!)), 0) / scale;
    }),
  );
}

/** SGD, so that rounding stays rounding: Adam's division by √v turns a gradient's last bits into steps. */
const common = { optimizer: 'sgd', learningRate: 0.02, dropout: 0.3, l2: 1e-3, batchSize: 32 };
const cnn: RankOrder = {
  engine: 'native',
  kind: 'cnn',
  params: { ...common, filters: 4, denseUnits: 16, batchNorm: true },
  // Five batches of 32 and one of a single sample, which leaves nothing for the other devices.
  samples: 161,
  // More would let a rounding error decide which pixel wins a pooling window.
  epochs: 1,
};
const lstm: RankOrder = {
  engine: 'native',
  kind: 'lstm',
  params: {
    ...common,
    vocabularySize: 40,
    sequenceLength: 10,
    embeddingSize: 8,
    lstmUnits: 8,
    lstmLayers: 2,
    bidirectional: true,
  },
  samples: 171,
  epochs: 1,
};

describe('shareOf', () => {
  it('deals every row once, as evenly as can be', () => {
    for (const whole of [1, 2, 3, 31, 64])
      for (const size of [1, 2, 3, 5]) {
        const shares = Array.from({ length: size }, (_, rank) => shareOf(whole, { rank, size }));
        const counted = shares.map((share) => share.counted);
        expect(counted.reduce((a, b) => a + b, 0)).toBe(whole);
        expect(Math.max(...counted) - Math.min(...counted)).toBeLessThanOrEqual(1);
        expect(shares.every(({ rows }) => rows >= 1)).toBe(true);
      }
  });
});

describe('several devices', () => {
  it.each([
    ['a CNN with batch normalization and dropout, native, 2 and 3 devices', cnn, [2, 3]],
    ['a bidirectional LSTM with dropout, native, 2 devices', lstm, [2]],
    ['a CNN, wasm, 2 devices', { ...cnn, engine: 'wasm' as const }, [2]],
  ])('train as one with the whole batch: %s', async (_name, order, sizes) => {
    const alone = resultOf(await runRank(order));
    const losses = (result: typeof alone) => result.metrics!.stepLosses;
    for (const size of sizes) {
      const together = (await runGroup(size, order)).map(resultOf);
      for (const { weights } of together) expect(weights).toEqual(together[0]!.weights);
      expect(difference(together[0]!.weights, alone.weights)).toBeLessThan(1e-5);
      expect(losses(together[0]!)).toHaveLength(losses(alone).length);
      losses(alone).forEach((loss, i) => expect(losses(together[0]!)[i]).toBeCloseTo(loss, 4));
      expect(together[0]!.metrics!.validationLoss).toBeCloseTo(alone.metrics!.validationLoss, 4);
    }
  });

  it('stop at the same step when the first is told to, and go on from there bit by bit', async () => {
    const whole = (await runGroup(2, cnn)).map(resultOf);
    const stopped = (await runGroup(2, cnn, [{ stopAtStep: 3 }])).map(resultOf);
    for (const { outcome, reason, checkpoint } of stopped) {
      expect({ outcome, reason }).toEqual({ outcome: 'stopped', reason: 'release' });
      expect(checkpoint.length).toBeGreaterThan(0);
    }
    const { checkpoint } = stopped[0]!;
    const resumed = (await runGroup(2, { ...cnn, checkpoint })).map(resultOf);
    expect(resumed[0]!.weights).toEqual(whole[0]!.weights);
    expect(resumed[1]!.weights).toEqual(whole[0]!.weights);
  });

  it.each([0, 1])('none waits for device %i when it has died', async (victim) => {
    const own: Partial<RankOrder>[] = [{}, {}];
    own[victim] = { dieAtStep: 4 };
    const answers = await runGroup(2, cnn, own);
    expect(answers[victim]).toBeUndefined();
    expect(answers[1 - victim]).toEqual({
      failed: {
        code: 'training-process-died',
        message: `The process of device ${victim + 1} of 2 left the training.`,
      },
    });
  });
});
