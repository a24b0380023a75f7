/** What orchestrator, trainers and plotters would write into a study's log. */
import type { ArtifactStore } from '@onegin/artifacts';
import {
  archiveIndexKey,
  archiveKey,
  jobSummary,
  plotKey,
  storedEvent,
  trainingKey,
  trialMetricsExamples,
  architectureExamples,
  type ArtifactRef,
  type NewStudyEvent,
  type StudyConfig,
} from '@onegin/contracts';
import type { StudyLog } from '@onegin/service-kit';
import { eventAt, exampleResult } from '@onegin/service-kit/testing';

/** Appends, and fails the test when one of the events is refused. */
export async function append(log: StudyLog, jobId: string, events: readonly NewStudyEvent[]): Promise<void> {
  const { refusals } = await log.append(jobId, events);
  const refused = refusals.findIndex((refusal) => refusal !== null);
  if (refused >= 0) throw new Error(`${events[refused]!.type} was refused: ${refusals[refused]}`);
}

/** A trial from queue to outcome. */
export function trialEvents(
  jobId: string,
  number: number,
  {
    epochs = 2,
    accuracy = 0.9,
    artifacts = [],
  }: { epochs?: number; accuracy?: number; artifacts?: ArtifactRef[] } = {},
): NewStudyEvent[] {
  const subject = (epoch: number) => ({ jobId, target: number, attempt: 1, epoch });
  return [
    eventAt('TrainingQueued', subject(0)),
    eventAt('TrainingStarted', subject(0)),
    ...Array.from({ length: epochs }, (_, i) => eventAt('EpochEnded', subject(i + 1))),
    {
      type: 'TrainingCompleted',
      target: number,
      attempt: 1,
      result: exampleResult(accuracy, epochs),
      artifacts,
    },
  ];
}

/** Stored metrics and charts of a trial. */
export async function storeTrial(store: ArtifactStore, { runName }: StudyConfig, number: number) {
  const json = 'application/json';
  const metrics = await store.put(
    trainingKey(runName, number, 1, 'metrics.json'),
    Buffer.from(JSON.stringify(trialMetricsExamples[0])),
    { kind: 'metrics', contentType: json },
  );
  const svg = await store.put(
    plotKey(runName, number, 1, 'training-history.svg'),
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    { kind: 'plot:training-history.svg', contentType: 'image/svg+xml' },
  );
  return { metrics, svg };
}

/** The final model's file: enough bytes to be streamed. */
export async function storeFinalModel(store: ArtifactStore, { runName }: StudyConfig, bytes: number) {
  const file = Buffer.alloc(bytes, 'onegin');
  const keras = await store.put(trainingKey(runName, 'final', 1, 'model.keras'), file, {
    kind: 'keras',
    contentType: 'application/zip',
  });
  const architecture = await store.put(
    trainingKey(runName, 'final', 1, 'architecture.json'),
    Buffer.from(JSON.stringify(architectureExamples[0])),
    { kind: 'architecture', contentType: 'application/json' },
  );
  return { file, artifacts: [keras, architecture] };
}

/** From the end of the search to the end of the job. */
export const finalEvents = (artifacts: ArtifactRef[]): NewStudyEvent[] => {
  const subject = { jobId: '', target: 'final', attempt: 1, epoch: 1 } as const;
  return [
    eventAt('SearchEnded', subject),
    eventAt('TrainingQueued', subject),
    eventAt('TrainingStarted', subject),
    eventAt('EpochEnded', subject),
    { type: 'TrainingCompleted', target: 'final', attempt: 1, result: exampleResult(0.95), artifacts },
    { type: 'JobCompleted' },
  ];
};

/** Archives an ended study as the orchestrator does, and removes it from Redis. @returns its log's lines */
export async function archiveEnded(
  { log, artifacts }: { log: StudyLog; artifacts: ArtifactStore },
  jobId: string,
  changes: { endedAt?: number } = {},
): Promise<string> {
  const state = (await log.load(jobId))!;
  const events = await log.read(jobId, 0);
  const about = { kind: 'archive', contentType: 'application/json' };
  const { runName } = state.config;
  const lines = events.map((event) => `${JSON.stringify(storedEvent(event))}\n`).join('');
  const put = (key: string, text: string) => artifacts.put(key, Buffer.from(text), about);
  const files = {
    study: await put(archiveKey(runName, 'study.json'), JSON.stringify(state)),
    log: await put(archiveKey(runName, 'log.ndjson'), lines),
  };
  await put(archiveIndexKey(jobId), JSON.stringify({ ...jobSummary(state), ...changes, files }));
  await log.remove(jobId);
  return lines;
}
