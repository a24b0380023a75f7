/**
 * A trial as an event file that TensorBoard opens: per epoch the scalars of the training and of every layer, and the
 * histograms of weights and activations.
 */
import type { EpochMetrics, LayerEpoch, TrialMetrics } from '@onegin/contracts';
import { summaryEvent, versionEvent, type SummaryValue } from './event-proto.ts';
import { tfRecord } from './tfrecord.ts';

/** TensorBoard takes every file whose name holds `tfevents`; time and host keep several writers apart. */
export const eventFileName = (startedAt: Date, host: string): string =>
  `events.out.tfevents.${Math.floor(startedAt.getTime() / 1000)}.${host.replace(/[^A-Za-z0-9_-]/g, '-')}`;

/** Measures of a layer under the name that TensorBoard groups them by. */
const LAYER_TAGS: Record<Exclude<keyof LayerEpoch, 'layer'>, string> = {
  gradientNorm: 'gradient_norm',
  weightNorm: 'weight_norm',
  updateRatio: 'update_ratio',
  dead: 'dead_units',
  dormant: 'dormant_units',
  saturated: 'saturated_units',
  activationMean: 'activation_mean',
  activationStd: 'activation_std',
};

function scalars(epoch: EpochMetrics): SummaryValue[] {
  const values: SummaryValue[] = [
    { tag: 'loss/train', value: epoch.trainLoss },
    { tag: 'loss/validation', value: epoch.validationLoss },
    { tag: 'accuracy/train', value: epoch.trainAccuracy },
    { tag: 'accuracy/validation', value: epoch.validationAccuracy },
    { tag: 'learning_rate', value: epoch.learningRate },
    { tag: 'samples_per_second', value: epoch.samplesPerSecond },
  ];
  for (const layer of epoch.layers) {
    for (const [field, tag] of Object.entries(LAYER_TAGS)) {
      const value = layer[field as keyof typeof LAYER_TAGS];
      if (value !== null) values.push({ tag: `${tag}/${layer.layer}`, value });
    }
  }
  return values;
}

export type TensorboardInput = Pick<TrialMetrics, 'epochs' | 'histograms'>;

/** @param startedAt when the trial started; each epoch is dated by the time the epochs took */
export function writeTensorboardEvents(
  { epochs, histograms }: TensorboardInput,
  startedAt: Date,
): Uint8Array {
  let wallTime = startedAt.getTime() / 1000;
  const records = [tfRecord(versionEvent(wallTime))];
  for (const epoch of epochs) {
    wallTime += epoch.seconds;
    const values = scalars(epoch);
    for (const { layer, weights, activations } of histograms.filter((entry) => entry.epoch === epoch.epoch)) {
      if (weights) values.push({ tag: `weights/${layer}`, value: weights });
      if (activations) values.push({ tag: `activations/${layer}`, value: activations });
    }
    records.push(tfRecord(summaryEvent(wallTime, epoch.epoch, values)));
  }
  return Uint8Array.from(Buffer.concat(records));
}
