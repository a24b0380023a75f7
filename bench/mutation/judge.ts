/** From a mutant to its verdict: the specs that reach it run, the quickest first, until one of them fails. */
import type { Mutant } from './mutants.ts';
import { probeAt } from './probes.ts';
import type { SpecProcess } from './spec-process.ts';

/** What a spec does without any mutant. */
export interface Baseline {
  readonly spec: string;
  readonly ms: number;
  readonly reached: readonly string[];
}

export type Verdict = 'killed' | 'timeout' | 'survived' | 'unreached';

export interface Judgement {
  readonly verdict: Verdict;
  /** The spec that failed. */
  readonly by?: string;
}

const LEAST_LIMIT_MS = 20_000;
/** A mutant hangs where the same spec takes, without it and right then, at most this share of the time. */
const QUICKER = 0.2;

export async function judge(
  mutant: Mutant,
  text: string,
  baselines: readonly Baseline[],
  specs: SpecProcess,
): Promise<Judgement> {
  const probe = probeAt(mutant.file, text, mutant.start);
  const reaching = baselines.filter(({ reached }) => reached.includes(probe)).sort((a, b) => a.ms - b.ms);
  if (reaching.length === 0) return { verdict: 'unreached' };
  for (const { spec, ms } of reaching) {
    const found = await runWith(mutant, spec, LEAST_LIMIT_MS + 5 * ms, specs);
    if (found) return { verdict: found, by: spec };
  }
  return { verdict: 'survived' };
}

/** How the spec finds the mutant; null: it does not. On a machine that is busy, a limit is tried again, doubled. */
async function runWith(
  mutant: Mutant,
  spec: string,
  limitMs: number,
  specs: SpecProcess,
): Promise<'killed' | 'timeout' | null> {
  const outcome = await specs.run({ spec, mutant, probed: [] }, limitMs);
  if (outcome) return outcome.passed ? null : 'killed';
  const without = await specs.run({ spec, mutant: null, probed: [] }, limitMs);
  if (without && without.ms < limitMs * QUICKER) return 'timeout';
  return runWith(mutant, spec, 2 * limitMs, specs);
}
