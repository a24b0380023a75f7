/**
 * A model configuration as people write it down: the fields of `best_hyperparameters.yaml` in its order, and the rows
 * that the browser shows. One list for both, so that neither can lack what the other has.
 */
import type { ModelConfig } from './model-config.ts';

export interface HyperparameterField {
  /** In snake case: `learning_rate`. */
  name: string;
  value: string | number | boolean;
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** `pooling` becomes two yes-no fields, `use_global_pooling` followed by `use_flattening`: exactly one of them is true. */
export function hyperparameterFields(model: ModelConfig): HyperparameterField[] {
  return Object.entries(model).flatMap(([name, value]): HyperparameterField[] => {
    if (name !== 'pooling') return [{ name: snakeCase(name), value }];
    return [
      { name: 'use_global_pooling', value: value === 'global' },
      { name: 'use_flattening', value: value === 'flatten' },
    ];
  });
}
