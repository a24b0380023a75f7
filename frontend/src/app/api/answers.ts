/** Answers of the gateway that are of the API alone; everything else has its type in the contracts. */
import type {
  HealthMetric,
  HealthWeights,
  JobLine,
  JobSummary,
  Mode,
  ObjectiveDirection,
  ParamValue,
} from '@onegin/contracts';

export interface JobsPage {
  jobs: JobSummary[];
  /** Give it as `after` for the next page; null on the last one. */
  next: string | null;
}

export interface Accepted {
  jobId: string;
  runName: string;
}

export type Importance =
  | {
      jobId: string;
      available: true;
      method: 'ped-anova' | 'fanova';
      /** Share per parameter, largest first; they sum to 1. */
      shares: Record<string, number>;
      explained?: number;
      trials: number;
      leftOut: number;
    }
  | { jobId: string; available: false; reason: string };

/** Values of one parameter: a closed range of numbers, or choices. */
export interface Region {
  range?: { low: number; high: number };
  values?: ParamValue[];
  /** Completed trials with such a value. */
  trials: number;
}

export interface Finding {
  param: string;
  /** fANOVA share, in [0, 1]. */
  share: number;
  good: Region;
  bad: Region;
  /** Between the best and the worst value, in the unit of the objective. */
  difference: number;
  /** Whether chance hardly explains the difference. */
  clear: boolean;
  /** What to expect of the objective at each value, the other parameters averaged out. */
  marginal: { at: ParamValue[]; mean: number[]; deviation: number[] };
}

export type Findings =
  | { jobId: string; available: true; findings: Finding[]; trials: number }
  | { jobId: string; available: false; reason: string };

export interface NamedText {
  name: string;
  title: string;
  explanation: string;
}

export interface ObjectiveTexts {
  modes: {
    mode: Mode;
    title: string;
    explanation: string;
    formula: string;
    objectives: { name: string; direction: ObjectiveDirection }[];
  }[];
  weights: HealthWeights;
  metrics: {
    name: HealthMetric;
    weight: number;
    title: string;
    explanation: string;
    links: { title: string; url: string }[];
  }[];
}

export interface LinesPage {
  lines: JobLine[];
  /** To be sent as `after` for newer lines; null: there was no line yet. */
  next: string | null;
  /** Whether there are newer lines already. */
  more: boolean;
}
