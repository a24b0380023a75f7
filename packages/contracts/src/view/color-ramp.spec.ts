import { describe, expect, it } from '@jest/globals';
import { rampColor, VIRIDIS } from './color-ramp.ts';

/** Relative luminance of WCAG 2. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

describe('rampColor', () => {
  it('gives the stops themselves and mixes between them', () => {
    expect(rampColor(VIRIDIS, 0)).toBe('#440154');
    expect(rampColor(VIRIDIS, 0.5)).toBe('#21918c');
    expect(rampColor(VIRIDIS, 1)).toBe('#fde725');
    expect(rampColor(['#000000', '#646464'], 0.5)).toBe('#323232');
  });

  it('stays at the ends beyond them and where there is no number', () => {
    expect(rampColor(VIRIDIS, -3)).toBe('#440154');
    expect(rampColor(VIRIDIS, 7)).toBe('#fde725');
    expect(rampColor(VIRIDIS, Number.NaN)).toBe('#440154');
  });

  it('rises evenly in lightness along the scale', () => {
    const steps = VIRIDIS.map(luminance);
    steps.slice(1).forEach((value, i) => expect(value).toBeGreaterThan(steps[i]!));
  });
});
