/** Findings of a study in sentences: "Best between 0.1 and 0.3; above 0.4 it cost 2.1 points." */
import { formatNumber, plainName, plural } from '@onegin/charts/format';
import type { ParamValue } from '@onegin/contracts';
import type { Finding, Region } from '../../api/answers.ts';

const listOf = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

const valueText = (value: ParamValue): string =>
  typeof value === 'number'
    ? formatNumber(value, 3)
    : typeof value === 'boolean'
      ? value
        ? 'on'
        : 'off'
      : plainName(value);

/** `between 0.1 and 0.3`, `at 4`, `with relu or tanh`; open at an end of the range that was searched. */
export function regionText({ range, values }: Region, at: readonly ParamValue[]): string {
  if (!range) return `with ${listOf((values ?? []).map(valueText))}`;
  const [low, high] = [formatNumber(range.low, 3), formatNumber(range.high, 3)];
  if (low === high) return `at ${low}`;
  if (range.low <= Number(at[0])) return `up to ${high}`;
  if (range.high >= Number(at.at(-1))) return `from ${low} on`;
  return `between ${low} and ${high}`;
}

/** Shares and scores lie in [0, 1], where a hundredth is a point. */
const pointsText = (difference: number): string => `${formatNumber(100 * difference, 2)} points`;

export interface FindingWords {
  readonly sentence: string;
  readonly basis: string;
}

export function findingWords(
  { good, bad, difference, clear, marginal }: Finding,
  trials: number,
): FindingWords {
  const [best, worst] = [regionText(good, marginal.at), regionText(bad, marginal.at)];
  const basis = `${plural(trials, 'trial')}, ${good.trials} of them at its best, ${bad.trials} at its worst`;
  if (!clear) return { sentence: 'No difference that chance would not explain.', basis };
  return { sentence: `Best ${best}; ${worst} it cost ${pointsText(difference)}.`, basis };
}
