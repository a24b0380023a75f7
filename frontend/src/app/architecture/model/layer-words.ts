/** Numbers and findings of layers as words. */
import type { LayerFinding, LayerHealth } from '@onegin/contracts';
import type { LayerMeasures } from './layer-signals.ts';

const FINDINGS: Readonly<Record<LayerFinding, { word: string; sentence: string }>> = {
  'gradient-not-finite': {
    word: 'gradient not finite',
    sentence:
      'Its gradient was not a finite number: training has diverged here. A lower learning rate helps.',
  },
  vanishing: {
    word: 'gradient vanishes',
    sentence: 'Its gradient is over 1,000 times smaller than that of the last layer: it hardly learns.',
  },
  exploding: {
    word: 'gradient explodes',
    sentence: 'Its gradient is over 1,000 times larger than that of the last layer: its steps overshoot.',
  },
  'barely-moving': {
    word: 'barely moves',
    sentence:
      'A step changes its weights by less than a hundred-thousandth: the learning rate is low for it.',
  },
  thrashing: {
    word: 'jumps',
    sentence: 'A step changes its weights by more than a tenth: the learning rate is high for it.',
  },
  dead: {
    word: 'dead units',
    sentence: 'Some of its units give the same whatever comes in; they learn nothing any more.',
  },
  saturated: {
    word: 'saturated units',
    sentence: 'Some of its units sit at the end of their range, where hardly any gradient passes.',
  },
};

export const findingSentence = (finding: LayerFinding): string => FINDINGS[finding].sentence;

export const percent = (share: number): string =>
  share > 0 && share < 0.01 ? '< 1%' : `${Math.round(100 * share)}%`;

/** Three significant digits; very small and very large ones with a power of ten. */
export function measure(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e5) return value.toLocaleString('en', { maximumSignificantDigits: 3 });
  const [mantissa, exponent] = value.toExponential(1).split('e');
  return `${mantissa} · 10${superscript(exponent ?? '0')}`;
}

const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
};

const superscript = (exponent: string): string =>
  [...exponent].map((digit) => SUPERSCRIPTS[digit] ?? '').join('');

export const count = (value: number): string => value.toLocaleString('en');

export const shapeWords = (shape: readonly number[]): string => shape.map(count).join(' × ');

export const parametersWords = (parameters: number): string =>
  parameters === 0 ? 'no parameters' : `${count(parameters)} parameter${parameters === 1 ? '' : 's'}`;

/** A word or two for a layer's health, short enough for a diagram. */
export function healthWord(health: LayerHealth | undefined, measures: LayerMeasures | undefined): string {
  if (!health || health.score === null) return 'not measured';
  const [worst] = health.findings;
  if (!worst) return 'healthy';
  if (worst === 'dead') return `${percent(Math.max(measures?.dead ?? 0, measures?.dormant ?? 0))} dead`;
  if (worst === 'saturated') return `${percent(measures?.saturated ?? 0)} saturated`;
  return FINDINGS[worst].word;
}
