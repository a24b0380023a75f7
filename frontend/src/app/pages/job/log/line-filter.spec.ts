import { describe, expect, it } from '@jest/globals';
import type { JobLine } from '@onegin/contracts';
import { isLevel, shownLines } from './line-filter.ts';

const line = (id: number, level: string, trial: JobLine['trial'] = null): JobLine => ({
  id: `${id}-0`,
  at: id,
  level,
  service: 'trainer',
  message: `line ${id}`,
  trial,
  trainer: null,
  requestId: null,
  fields: {},
});
const lines = [line(1, 'debug'), line(2, 'info', 1), line(3, 'warn', 11), line(4, 'error', 'final')];
const shown = (level: 'trace' | 'info' | 'warn' | 'error', trial = '') =>
  shownLines(lines, { level, trial }).map(({ at }) => at);

describe('shown log lines (4.2)', () => {
  it('are of a level and above, the newest first', () => {
    expect(shown('trace')).toEqual([4, 3, 2, 1]);
    expect(shown('info')).toEqual([4, 3, 2]);
    expect(shown('error')).toEqual([4]);
    expect([isLevel('warn'), isLevel('loud')]).toEqual([true, false]);
  });

  it('are of one trial, or of the final model', () => {
    expect(shown('trace', '1')).toEqual([2]);
    expect(shown('trace', ' Final ')).toEqual([4]);
    expect(shown('warn', '1')).toEqual([]);
  });
});
