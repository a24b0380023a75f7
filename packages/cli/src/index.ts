/** Onegin in a program of your own. The command line is bin/onegin.js. */
export { optimize, type OptimizeOptions, type OptimizeResult, type SavedModel } from './optimize.ts';
export {
  OneginError,
  type OptimizationRequestInput,
  type StudyEvent,
  type StudyState,
  type TrialView,
} from '@onegin/contracts';
