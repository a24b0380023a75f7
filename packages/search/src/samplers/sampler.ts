/** What every sampler is given and what it answers. */
import type { RandomStream } from '@onegin/contracts';
import type { HistoryTable } from '../history-table.ts';
import type { EncodedSpace } from '../space-encoding.ts';
import type { Direction } from '../trial-history.ts';

/** Something the caller may want to show; the suggestion is good all the same. */
export interface SearchWarning {
  readonly code: 'SAMPLER_FAILED' | 'GRID_EXHAUSTED' | 'SPACE_EXHAUSTED' | 'SAMPLER_SWITCHED';
  readonly message: string;
}

export interface SamplerContext {
  readonly encoded: EncodedSpace;
  readonly directions: readonly Direction[];
  /** The trial to suggest for; outstanding trials are in the table as `running`. */
  readonly number: number;
  /** Seed of the study, for what all trials share (a scrambling, a permutation). */
  readonly seed: number;
  /** The trial's own stream; a retry gets another one. */
  readonly random: RandomStream;
  readonly table: HistoryTable;
  /** How many trials the study may have; undefined where open. */
  readonly budget: number | undefined;
  /** Whether some trial of the history has exactly this row. */
  isTaken(row: Float64Array): boolean;
}

export interface Proposal {
  readonly row: Float64Array;
  readonly warnings?: readonly SearchWarning[];
}

/**
 * A sampler proposes a row (see space-encoding) for a trial. It depends on nothing but its context: what it
 * keeps between calls is a cache. It may throw where arithmetic fails; the caller then samples at random.
 */
export interface Sampler {
  readonly name: string;
  propose(context: SamplerContext): Proposal;
}
