import { describe, expect, it } from '@jest/globals';
import type { OneginError } from '@onegin/contracts';
import { plotterConfig } from './config.ts';

describe('the plotter’s settings', () => {
  it('fit one machine without any variable', () => {
    expect(plotterConfig({})).toMatchObject({
      theme: 'light',
      lockMs: 30_000,
      chartTimeoutMs: 60_000,
      storeAttempts: 6,
      childCharts: 2000,
      childMemoryMb: 1024,
    });
  });

  it('names every wrong variable with its form', () => {
    const wrong = { PLOTTER_THEME: 'pink', PLOTTER_STORE_ATTEMPTS: '0', PLOTTER_CHART_TIMEOUT: 'soon' };
    let problems: readonly { field: string; expected: string }[] = [];
    try {
      plotterConfig(wrong);
    } catch (error) {
      problems = (error as OneginError).problems;
    }
    expect(problems.map(({ field, expected }) => [field, expected])).toEqual([
      ['PLOTTER_THEME', 'expected one of light, dark'],
      ['PLOTTER_CHART_TIMEOUT', 'expected a duration such as 500ms, 30s, 5m, 2h or 7d'],
      ['PLOTTER_STORE_ATTEMPTS', 'expected a whole number from 1 to 100'],
    ]);
  });
});
