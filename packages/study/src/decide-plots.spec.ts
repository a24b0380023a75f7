import { describe, expect, it } from '@jest/globals';
import type { NewStudyEvent } from '@onegin/contracts';
import { doneTrial, exampleConfig, studyOf } from '@onegin/contracts/testing';
import { lastPlots, milestonePlots, openPlots, trialPlots } from './decide-plots.ts';

const asked = (run: number, target: number | 'study' = 'study'): NewStudyEvent => ({
  type: 'PlotsQueued',
  target,
  run,
});
const ready = (run: number, target: number | 'study' = 'study'): NewStudyEvent => ({
  type: 'PlotsReady',
  target,
  run,
  artifacts: [],
});
/** A study whose charts were made when it had `then` outcomes, and that has `now` of them today. */
const grown = (then: number, now: number, ...after: NewStudyEvent[]) => {
  const trials = Array.from({ length: now }, (_, number) => doneTrial(number));
  const events = [...trials.slice(0, then), [asked(1), ready(1)], ...trials.slice(then), after].flat();
  return studyOf([{ type: 'JobStarted' }, ...events], exampleConfig({ trials: 50 }));
};

describe('the charts of a study', () => {
  it('are redrawn each time it has grown by half', () => {
    expect(milestonePlots(grown(4, 5))).toEqual([]);
    expect(milestonePlots(grown(4, 6))).toEqual([asked(2)]);
  });

  it('are not asked for while they are being made, nor before the first outcome', () => {
    expect(milestonePlots(grown(4, 9, asked(2)))).toEqual([]);
    expect(milestonePlots(studyOf([{ type: 'JobStarted' }]))).toEqual([]);
  });

  it('show every trial at the end', () => {
    expect(lastPlots(grown(4, 4))).toEqual([]);
    expect(lastPlots(grown(4, 5))).toEqual([asked(2)]);
    expect(lastPlots(grown(4, 5, asked(2)))).toEqual([]);
    expect(lastPlots(studyOf([{ type: 'JobStarted' }]))).toEqual([asked(1)]);
  });
});

it('the charts of a trial are asked for once', () => {
  expect(trialPlots(grown(1, 2))).toEqual([asked(1, 0), asked(1, 1)]);
  expect(trialPlots(grown(1, 2, asked(1, 0)))).toEqual([asked(1, 1)]);
});

it('open charts are given up a fixed time after the last sign of any of them', () => {
  const state = grown(1, 2, asked(1, 0), asked(1, 1), ready(1, 0));
  const lastSign = state.plots['0']!.activeAt;
  expect(openPlots(state)).toEqual({
    count: 1,
    giveUpAt: lastSign + state.config.plotsTimeoutSeconds * 1000,
  });
});
