export { writeKerasFile, type KerasFileInput } from './keras-file.ts';
export { TFJS_WEIGHTS_FILE, writeTfjsModel, type TfjsModel } from './tfjs-model.ts';
export { writeHyperparametersYaml, type HyperparametersInput } from './hyperparameters-yaml.ts';
