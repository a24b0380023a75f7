export { architectureOf, layerLabel, type ArchitectureScores } from '../network/architecture-data.ts';
export { writeHyperparametersYaml, type HyperparametersInput } from './hyperparameters-yaml.ts';
export { writeKerasFile, type KerasFileInput } from './keras-file.ts';
export { writeModelCard, type ModelCardInput } from './model-card.ts';
export { eventFileName, writeTensorboardEvents, type TensorboardInput } from './tensorboard-events.ts';
export { TFJS_WEIGHTS_FILE, writeTfjsModel, type TfjsModel } from './tfjs-model.ts';
export { writeVocabulary } from './vocabulary-file.ts';
