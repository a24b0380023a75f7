/**
 * The process that trains: started by the trainer, told what to train, ended when the trainer ends. It talks to
 * nothing else, so its crash costs one attempt and nothing more.
 */
import type { PreparedStore } from '@onegin/datasets';
import { serveParent } from '@onegin/service-kit/channel';
import { helpTrainJob, pickEngine, trainJob, type Engine, type StopSignal } from '@onegin/training';
import type { ChildSetup, TrainerMethods, TrainingMethods } from './training-methods.ts';

let loaded: { readonly engine: Engine; readonly datasetsDir: string } | undefined;
let stop: StopSignal | undefined;
/** Ends the waiting for the trainer's word on an epoch. */
let stopWaiting: (() => void) | undefined;

const trainer = serveParent<TrainingMethods, TrainerMethods>({
  load: async ({ resource, modelKind, datasetsDir, threads, visibleDevices }: ChildSetup) => {
    const engine = await pickEngine({
      device: resource,
      modelKind,
      ...(threads !== undefined && { threads }),
      ...(visibleDevices !== undefined && { visibleDevices }),
    });
    loaded = { engine, datasetsDir };
    return engine.info;
  },

  help: ({ job, checkpoint, place }) => helpTrainJob(job, { ...loaded!, checkpoint, place }),

  train: async ({ job, checkpoint, place }) => {
    stop = undefined;
    const outcome = await trainJob(job, {
      ...loaded!,
      preparedStore,
      checkpoint,
      place,
      stop: () => stop,
      onProgress: (progress) => trainer.notify('progress', progress),
      onEpoch: (summary, after) =>
        Promise.race([
          trainer.request('epochEnded', { summary, checkpoint: after }),
          new Promise<'stop'>((resolve) => (stopWaiting = () => resolve('stop'))),
        ]),
    });
    return { outcome, memoryBytes: process.memoryUsage.rss() };
  },

  stop: (signal) => {
    stop = signal;
    stopWaiting?.();
  },
});

/** The artifact store's prepared datasets, asked for through the trainer's main process. */
const preparedStore: PreparedStore = {
  get: (name, path) => trainer.request('getDataset', { name, path }),
  put: (name, path) => trainer.request('putDataset', { name, path }),
};
