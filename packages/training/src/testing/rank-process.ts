/**
 * One device of a group, as a process of its own: trains what it is told over IPC and sends back what came out. A stop
 * is asked for by `stopAtBatch`, a crash by `dieAtStep`.
 */
import { modelConfigFromParams, type Params } from '@onegin/contracts';
import { pickEngine } from '../engine/pick-engine.ts';
import { trainTrial } from '../loop/train-trial.ts';
import type { TrialResult } from '../loop/trial.ts';
import { ProcessGroup } from '../parallel/process-group.ts';
import type { GroupPlace } from '../parallel/shared-folder.ts';
import { tinyImages, tinyTexts } from './tiny-data.ts';

export interface RankOrder {
  place?: GroupPlace;
  engine: 'native' | 'wasm';
  kind: 'cnn' | 'lstm';
  params: Params;
  /** Samples of the train part. */
  samples: number;
  epochs: number;
  checkpoint?: Uint8Array;
  stopAtStep?: number;
  dieAtStep?: number;
}

export type RankAnswer =
  | { result: Pick<TrialResult, 'outcome' | 'reason' | 'epochsDone' | 'weights' | 'checkpoint' | 'metrics'> }
  | { failed: { code: string; message: string } };

async function train(order: RankOrder): Promise<RankAnswer> {
  const { kind, samples, checkpoint } = order;
  const engine = await pickEngine({ device: 'cpu', engine: order.engine, threads: 1 });
  const group = order.place && new ProcessGroup(order.place);
  let steps = 0;
  try {
    const result = await trainTrial({
      engine,
      model: modelConfigFromParams(kind, order.params),
      data: kind === 'cnn' ? tinyImages(1, samples) : tinyTexts(1, samples),
      epochs: order.epochs,
      seed: 3,
      ...(group && { group }),
      ...(checkpoint && { checkpoint }),
      stop: () => {
        if (steps === order.dieAtStep) process.kill(process.pid, 'SIGKILL');
        return steps++ === order.stopAtStep ? 'release' : undefined;
      },
    });
    return { result };
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { failed: { code, message } };
  } finally {
    group?.close();
  }
}

process.once('message', (order) => {
  void train(order as RankOrder).then((answer) => process.send!(answer, () => process.disconnect()));
});
