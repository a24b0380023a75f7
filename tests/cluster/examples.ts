/** A study's configuration and a trainer's heartbeat, as small as their schemas allow. */
import {
  makeStudyConfig,
  optimizationRequestSchema,
  type StudyConfig,
  type TrainerHeartbeat,
} from '../../packages/contracts/src/index.ts';

export const exampleConfig = (jobId: string, parallelism: number): StudyConfig =>
  makeStudyConfig(
    optimizationRequestSchema.parse({
      dataset: 'mnist-10k',
      seed: 1,
      trials: 20,
      parallelism,
      sampler: 'random',
    }),
    { jobId, runName: `run-${jobId}`, modelKind: 'cnn' },
  );

export const exampleHeartbeat = (id: string, busy: boolean): TrainerHeartbeat => ({
  id,
  host: id,
  pid: 1,
  resource: 'gpu',
  engine: 'native',
  device: 'gpu',
  slots: 1,
  status: 'ready',
  current: busy ? [{ jobId: 'job-of-another', target: 0, epoch: 1, epochs: 3 }] : [],
  stepsPerSecond: null,
  samplesPerSecond: null,
  completed: 0,
  failedInARow: 0,
  failed: 0,
  startedAt: 1,
  at: Date.now(),
  simulated: false,
});
