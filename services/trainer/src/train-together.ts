/** Several devices train a trial together, as one. */
import { setTimeout as delay } from 'node:timers/promises';
import { failureOf, type Failure } from '@onegin/contracts';
import { createGroupFolder, type GroupPlace, type TrainJobOutcome } from '@onegin/training';
import type { DeviceProcess } from './device-process.ts';
import type { TrainingWork } from './training-methods.ts';

/** When one device has failed, the others notice by themselves in far less. */
const GRACE_MS = 5000;

/** Of the message by which a device says that another is gone. */
const LEFT = 'left the training';

/**
 * Has all devices train, `first` being what the first one does with its place. A device that fails ends the training of
 * all; its failure is the outcome.
 * @param helpers the devices beyond the first
 * @param abandon ends the first device's process when it does not notice
 */
export async function trainTogether(
  helpers: readonly DeviceProcess[],
  work: TrainingWork,
  first: (place: GroupPlace) => Promise<TrainJobOutcome>,
  abandon: (because: Failure) => void,
): Promise<TrainJobOutcome> {
  const size = helpers.length + 1;
  const { folder, remove } = createGroupFolder(size);
  const ended = new AbortController();
  try {
    const helping = helpers.map(async (helper, i) => {
      const share = { ...work, place: { folder, rank: i + 1, size } };
      const failure = await helper
        .request('help', share)
        .catch((error: unknown) => failureOf(error, 'training-failed'));
      if (failure) void abandonLater(failure, abandon, ended.signal);
      return failure;
    });
    const outcome = await first({ folder, rank: 0, size });
    ended.abort();
    return await settled(outcome, helping, () => helpers.forEach((helper) => helper.kill()));
  } finally {
    ended.abort();
    remove();
  }
}

async function abandonLater(
  failure: Failure,
  abandon: (because: Failure) => void,
  signal: AbortSignal,
): Promise<void> {
  await delay(GRACE_MS, undefined, { signal }).then(
    () => abandon(failure),
    () => undefined,
  );
}

/** The outcome, when all have reported or could have; what a helper says of itself explains more than that it left. */
async function settled(
  outcome: TrainJobOutcome,
  helping: Promise<Failure | null>[],
  kill: () => void,
): Promise<TrainJobOutcome> {
  const waited = new AbortController();
  const late = delay(GRACE_MS, 'late' as const, { signal: waited.signal }).catch(() => 'late' as const);
  const failures = await Promise.race([Promise.all(helping), late]);
  waited.abort();
  if (failures === 'late') {
    kill();
    return outcome;
  }
  if (outcome.status !== 'failed' || outcome.code !== 'training-process-died') return outcome;
  const failure = failures.find((one) => one !== null && !one.message.includes(LEFT)) ?? null;
  return failure ? { status: 'failed', ...failure } : outcome;
}
