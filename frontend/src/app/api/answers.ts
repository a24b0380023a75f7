/** Answers of the gateway that are of the API alone; everything else has its type in the contracts. */
import type { HealthMetric, HealthWeights, JobSummary, Mode, ObjectiveDirection } from '@onegin/contracts';

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
