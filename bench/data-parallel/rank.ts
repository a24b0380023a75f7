/**
 * `node rank.ts`, started by the bench over IPC: one device of a data-parallel training of the benchmark's CNN. Answers
 * its milliseconds per step, and how many of them went into sums over the devices.
 */
import { modelConfigFromParams, RandomStream, type ImageTrainingData } from '@onegin/contracts';
import { pickEngine, ProcessGroup, trainTrial, type GroupPlace } from '@onegin/training';

export interface RankOrder {
  place: GroupPlace | null;
  threads: number;
  batchSize: number;
  samples: number;
}

export interface RankTimes {
  msPerStep: number;
  msInSums: number;
}

/** Synthetic: only the time counts. */
function randomImages(samples: number): ImageTrainingData {
  const stream = new RandomStream(1);
  const part = (count: number) => ({
    inputs: Uint8Array.from({ length: count * 784 }, () => stream.integer(256)),
    labels: Int32Array.from({ length: count }, () => stream.integer(10)),
    count,
  });
  const classes = Array.from({ length: 10 }, (_, i) => String(i));
  return { kind: 'image', shape: [28, 28, 1], classes, train: part(samples), validation: part(64) };
}

async function measure({ place, threads, batchSize, samples }: RankOrder): Promise<RankTimes> {
  const engine = await pickEngine({ device: 'cpu', modelKind: 'cnn', engine: 'native', threads });
  const group = place ? new ProcessGroup(place) : undefined;
  let inSums = 0;
  const timed = group && {
    rank: group.rank,
    size: group.size,
    agree: group.agree.bind(group),
    sum(...arrays: (Float32Array | Float64Array)[]) {
      const start = performance.now();
      group.sum(...arrays);
      inSums += performance.now() - start;
    },
  };
  const { metrics } = await trainTrial({
    engine,
    model: modelConfigFromParams('cnn', { batchNorm: false, dropout: 0.3, batchSize }),
    data: randomImages(samples),
    epochs: 3,
    seed: 1,
    ...(timed && { group: timed }),
  });
  group?.close();
  // The first epoch warms up.
  const rates = metrics!.epochs.slice(1).map(({ samplesPerSecond }) => samplesPerSecond);
  const steps = 3 * Math.ceil(samples / batchSize);
  return { msPerStep: (1000 * batchSize) / Math.max(...rates), msInSums: inSums / steps };
}

process.once('message', (order) => {
  void measure(order as RankOrder).then((times) => process.send!(times, () => process.disconnect()));
});
