import { describe, expect, it } from '@jest/globals';
import { trainingStatuses } from '@onegin/contracts';
import { darkTheme, lightTheme, type ChartTheme } from './theme.ts';

/** Relative luminance of WCAG 2. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
}

describe.each([lightTheme, darkTheme])('theme $name', (theme: ChartTheme) => {
  it('keeps text at a contrast of at least 4.5', () => {
    for (const color of [theme.text, theme.muted, theme.accent])
      expect(contrast(color, theme.background)).toBeGreaterThanOrEqual(4.5);
    const [onDark, onLight] = theme.onScale;
    expect(contrast(onDark, theme.scale[0]!)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(onLight, theme.scale.at(-1)!)).toBeGreaterThanOrEqual(4.5);
  });

  it('keeps lines and marks at a contrast of at least 3', () => {
    const marks = [...theme.series, ...trainingStatuses.map((status) => theme.states[status].color)];
    for (const color of marks) expect([color, contrast(color, theme.background) >= 3]).toEqual([color, true]);
  });

  it('gives states that follow each other different shapes', () => {
    const { running, pruned, completed, failed, paused } = theme.states;
    expect(new Set([running, pruned, completed, failed, paused].map(({ symbol }) => symbol)).size).toBe(5);
  });
});
