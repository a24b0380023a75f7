/**
 * Areas that were brushed on the axes of parallel coordinates, and which trials lie inside: of all trials, not only of
 * those that are drawn, and of those that complete later too.
 */
import type { StudyState } from '@onegin/contracts';
import { objectivePosition, parameterPosition } from './parallel-positions.ts';
import { parameterScale } from './parameter-scale.ts';
import { scoredStudy, type ScoredTrial, type StudyChoice } from './scored-trials.ts';

/** From one place of an axis to another, as `positions` of a line has them. */
export type AxisArea = readonly [from: number, to: number];

/** By the name of a parameter or of the objective. */
export type ParallelAreas = ReadonlyMap<string, readonly AxisArea[]>;

/** Numbers of the completed trials that lie in an area of every brushed axis. */
export function trialsInAreas(
  state: StudyState,
  areas: ParallelAreas,
  choice: Pick<StudyChoice, 'objective'> = {},
): Set<number> {
  const { objective, scored, range } = scoredStudy(state, choice);
  const places = [...areas].flatMap(([axis, own]) => {
    const scale = own.length > 0 ? parameterScale(state, axis) : null;
    if (own.length === 0 || (!scale && axis !== objective.name)) return [];
    const positionOf = scale
      ? ({ trial }: ScoredTrial) => parameterPosition(scale, trial.params)
      : ({ value }: ScoredTrial) => objectivePosition(value, range);
    return [(trial: ScoredTrial) => isInside(positionOf(trial), own)];
  });
  return new Set(scored.filter((trial) => places.every((holds) => holds(trial))).map(({ number }) => number));
}

const isInside = (position: number, areas: readonly AxisArea[]): boolean =>
  areas.some(([from, to]) => position >= Math.min(from, to) && position <= Math.max(from, to));
