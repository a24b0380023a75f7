/**
 * The default: picks a sampler for each trial by the space, the objectives and how far the study is.
 *
 * 1. The Gaussian process, for the first 250 evaluated trials of a space of at most 40 parameters: it needs the
 *    fewest trials, takes mixed and conditional spaces, constraints, and several objectives.
 * 2. After these: CMA-ES, warm-started from all trials so far, for one objective without constraints where all
 *    parameters are unconditional numbers and there are at least two; NSGA-II for several objectives;
 *    TPE for everything else.
 * 3. TPE from the start for more than 40 parameters.
 *
 * The rule looks only at the trial's history, so a replay switches where the study did.
 */
import { isEvidence } from '../trial-history.ts';
import { createCmaesSampler } from './cmaes.ts';
import { createGpSampler } from './gp.ts';
import { createNsga2Sampler } from './nsga2.ts';
import type { Proposal, Sampler, SamplerContext, SearchWarning } from './sampler.ts';
import { createTpeSampler } from './tpe.ts';

export type AutoChoice = 'gp' | 'cmaes' | 'nsga2' | 'tpe';

const GP_TRIALS = 250;
const GP_PARAMETERS = 40;

/** Which sampler the rule picks. */
export function autoChoice({ encoded, directions, table }: SamplerContext): AutoChoice {
  const { dimensions } = encoded;
  const many = dimensions.length > GP_PARAMETERS;
  let evaluated = 0;
  let constrained = false;
  for (const trial of table.trials) {
    if (isEvidence(trial)) evaluated++;
    if (trial.constraints !== undefined && trial.constraints.length > 0) constrained = true;
  }
  if (evaluated < GP_TRIALS && !many) return 'gp';
  if (directions.length > 1) return evaluated < GP_TRIALS ? 'tpe' : 'nsga2';
  const numbers = dimensions.every(({ categorical, parent }) => !categorical && parent < 0);
  return numbers && !constrained && dimensions.length >= 2 && evaluated >= GP_TRIALS ? 'cmaes' : 'tpe';
}

export function createAutoSampler(): Sampler {
  const samplers: Record<AutoChoice, Sampler> = {
    gp: createGpSampler(),
    cmaes: createCmaesSampler({ startupTrials: GP_TRIALS }),
    nsga2: createNsga2Sampler(),
    tpe: createTpeSampler(),
  };
  // Only to say once that the rule picks another one now; what is proposed does not depend on it.
  let before: AutoChoice | null = null;
  const propose = (context: SamplerContext): Proposal => {
    const choice = autoChoice(context);
    const proposal = samplers[choice].propose(context);
    const switched = before !== null && before !== choice ? [switchedTo(choice, before, context)] : [];
    before = choice;
    return { ...proposal, warnings: [...switched, ...(proposal.warnings ?? [])] };
  };
  return { name: 'auto', propose };
}

const switchedTo = (now: AutoChoice, before: AutoChoice, { number }: SamplerContext): SearchWarning => ({
  code: 'SAMPLER_SWITCHED',
  message: `From trial ${number} on parameters are proposed by ${now} instead of ${before}: ${GP_TRIALS} trials have been evaluated.`,
});
