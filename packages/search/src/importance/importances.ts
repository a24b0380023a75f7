/** How much each parameter mattered, for people: shares that sum to 1, or a reason why there are none. */
import { invalid, wrongField, type SearchSpace } from '@onegin/contracts';
import { encodeSpace } from '../space-encoding.ts';
import { loss, type Direction, type Trial } from '../trial-history.ts';
import { gatherEvidence, unavailable, whyTooLittle, type Evidence, type Unavailable } from './evidence.ts';
import { pedAnova } from './ped-anova.ts';
import { ResponseForest, type VolumeScale } from './response-forest.ts';

/**
 * `ped-anova` (fast, of any number of trials): what made the best tenth differ from the rest.
 * `fanova`: how much of the variance over the whole space a parameter explains on its own.
 */
export type ImportanceMethod = 'ped-anova' | 'fanova';

export interface ImportanceRequest {
  readonly space: SearchSpace;
  readonly directions: readonly Direction[];
  /** Default: ped-anova. */
  readonly method?: ImportanceMethod;
  /**
   * Index of the objective, or `front`: what leads to the Pareto front (ped-anova only, and its default with
   * several objectives). Default of fanova: 0.
   */
  readonly objective?: number | 'front';
  /** Seed of the forest; default 0. */
  readonly seed?: number;
  /** Scale of volumes for fanova: `searched` counts a log parameter's decades alike; default: linear, as Optuna. */
  readonly scale?: VolumeScale;
}

export interface Importances {
  readonly available: true;
  readonly method: ImportanceMethod;
  /** Share per parameter, largest first; they sum to 1. */
  readonly shares: Readonly<Record<string, number>>;
  /** fanova only: the part of the variance that single parameters explain; the rest is interaction. */
  readonly explained?: number;
  /** Completed trials that were used, and that could not be. */
  readonly trials: number;
  readonly leftOut: number;
}

/**
 * Importance of every parameter of the space.
 * @throws OneginError `request-invalid` for the space, or for an unknown method or objective
 */
export function importances(
  history: readonly Trial[],
  request: ImportanceRequest,
): Importances | Unavailable {
  const { space, directions, method = 'ped-anova', seed = 0, scale = 'linear' } = request;
  if (method !== 'ped-anova' && method !== 'fanova')
    throw invalid('the question', [wrongField('method', 'one of ped-anova, fanova', method)]);
  const objective = chooseObjective(request, method);
  const evidence = gatherEvidence(encodeSpace(space), history, directions.length);
  const reason = whyTooLittle(evidence, objective);
  if (reason !== null) return unavailable(reason);
  const effects =
    method === 'fanova'
      ? new ResponseForest(evidence, valuesOf(evidence, objective as number), seed, scale).mainEffects()
      : pedAnova(evidence, lossesOf(evidence, directions, objective));
  const total = effects.reduce((sum, effect) => sum + effect, 0);
  if (!(total > 0)) return unavailable('No parameter made a difference that could be told from chance.');
  const names = evidence.encoded.dimensions.map(({ name }) => name);
  const shares = names
    .map((name, d) => [name, effects[d] / total] as const)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return {
    available: true,
    method,
    shares: Object.fromEntries(shares),
    ...(method === 'fanova' && { explained: Math.min(1, total) }),
    trials: evidence.rows.length,
    leftOut: evidence.leftOut,
  };
}

export function chooseObjective(
  { directions, objective }: Pick<ImportanceRequest, 'directions' | 'objective'>,
  method: ImportanceMethod,
): number | 'front' {
  if (objective === undefined) return method === 'ped-anova' && directions.length > 1 ? 'front' : 0;
  const allowed = [...directions.keys(), ...(method === 'ped-anova' ? ['front'] : [])];
  if (!allowed.includes(objective))
    throw invalid('the question', [
      wrongField('objective', `one of ${allowed.join(', ')} for ${method}`, objective),
    ]);
  return objective;
}

export const valuesOf = ({ values }: Evidence, objective: number): number[] =>
  values.map((v) => v[objective]);

function lossesOf(
  { values }: Evidence,
  directions: readonly Direction[],
  objective: number | 'front',
): number[][] {
  const watched = objective === 'front' ? [...directions.keys()] : [objective];
  return values.map((v) => watched.map((m) => loss(v[m], directions[m])));
}
