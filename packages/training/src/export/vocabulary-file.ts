import type { LstmModelConfig, TextTrainingData } from '@onegin/contracts';

/** Beside a text model: `vocabulary.txt`, one word a line; the first line is id 0. Words the model doesn't know are cut. */
export function writeVocabulary(data: Pick<TextTrainingData, 'vocabulary'>, model: LstmModelConfig): string {
  return data.vocabulary.slice(0, model.vocabularySize).join('\n').concat('\n');
}
