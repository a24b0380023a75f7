import { invalidData } from './dataset-error.ts';
import type { RawDataset, RawPart } from './raw-dataset.ts';

/** Below this no split into training, validation and test leaves a sample for each. */
const FEWEST_SAMPLES = 10;

/**
 * Refuses data that no network could learn from, before anything is cached.
 * @throws OneginError naming the dataset, what was expected and what was found
 */
export function checkRawDataset(name: string, dataset: RawDataset): void {
  if (dataset.classes.length < 2)
    throw invalidData(`dataset ${name} has nothing to tell apart`, {
      expected: 'at least 2 classes',
      found: `${dataset.classes.length}${dataset.classes.length ? ` (${dataset.classes.join(', ')})` : ''}`,
    });
  checkPart(name, 'training', dataset, dataset.train);
  if (dataset.test) checkPart(name, 'test', dataset, dataset.test);
  if (dataset.train.labels.length < FEWEST_SAMPLES)
    throw invalidData(`dataset ${name} is too small to split`, {
      expected: `at least ${FEWEST_SAMPLES} training samples`,
      found: String(dataset.train.labels.length),
    });
  const used = new Set(dataset.train.labels);
  if (used.size < 2)
    throw invalidData(`every training sample of ${name} has the same label`, {
      expected: 'at least 2 classes with samples',
      found: [...used].map((label) => dataset.classes[label]).join(),
    });
  if (dataset.kind === 'text' && dataset.train.tokens.length === 0)
    throw invalidData(`the texts of ${name} hold no words`);
}

function checkPart(name: string, part: string, dataset: RawDataset, data: RawPart): void {
  const { labels } = data;
  if ('inputs' in data && dataset.kind === 'image') {
    const pixels = labels.length * dataset.shape[0] * dataset.shape[1] * dataset.shape[2];
    if (data.inputs.length !== pixels)
      throw invalidData(`the ${part} part of ${name} has images and labels that don't match`, {
        expected: `${pixels} values for ${labels.length} labels`,
        found: String(data.inputs.length),
      });
  }
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (label >= 0 && label < dataset.classes.length) continue;
    throw invalidData(`the ${part} part of ${name} has a wrong label at sample ${i}`, {
      expected: `0 to ${dataset.classes.length - 1}`,
      found: String(label),
    });
  }
}
