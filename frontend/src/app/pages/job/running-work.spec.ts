import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { describe, expect, it } from '@jest/globals';
import { reduceStudy, type BatchProgress, type NewStudyEvent, type StudyState } from '@onegin/contracts';
import {
  completedTrial,
  endedEpoch,
  exampleConfig,
  logOf,
  queuedFinalModel,
  queuedTrial,
  startedTrial,
} from '@onegin/contracts/testing';
import { RunningWork } from './running-work.ts';

const batch = (target: number | 'final', epoch: number, at: number): [string, BatchProgress] => [
  String(target),
  { jobId: 'job-example', target, epoch, epochs: 2, batch: at, batches: 10, loss: null } as BatchProgress,
];

async function bars(events: readonly NewStudyEvent[], progress: [string, BatchProgress][] = []) {
  const log = logOf([{ type: 'JobRequested', config: exampleConfig() }, { type: 'JobStarted' }, ...events]);
  const state = log.reduce<StudyState | null>((before, event) => reduceStudy(before, event), null);
  TestBed.configureTestingModule({ providers: [provideRouter([])] });
  const fixture = TestBed.createComponent(RunningWork);
  fixture.componentRef.setInput('state', state);
  fixture.componentRef.setInput('progress', new Map(progress));
  await fixture.whenStable();
  const all = [...(fixture.nativeElement as HTMLElement).querySelectorAll('[role=progressbar]')];
  return all.map((bar) => [bar.getAttribute('aria-label'), Number(bar.getAttribute('aria-valuenow'))]);
}

describe('what runs now', () => {
  it('4.2, 2.2: has a bar for each running trial, moved inside the epoch too', async () => {
    const trials = [0, 1].flatMap((n) => [queuedTrial(n), startedTrial(n)]);
    const shown = await bars([...trials, endedEpoch(0, 1), queuedTrial(2)], [batch(0, 2, 5)]);
    expect(shown).toEqual([
      ['Trial 0, epoch 2/2, 10%', 75],
      ['Trial 1, epoch 1/2', 0],
    ]);
  });

  it('4.2, 2.2: has one for charts that are made, and one for the final model', async () => {
    const shown = await bars([
      queuedTrial(0),
      startedTrial(0),
      completedTrial(0),
      { type: 'PlotsQueued', target: 0, run: 1 },
      { type: 'PlotsProgressed', target: 0, run: 1, chart: 'gradient-flow', done: 2, total: 8 },
      { type: 'SearchEnded', reason: 'enough' },
      queuedFinalModel,
    ]);
    expect(shown).toEqual([
      ['Final model, epoch 1/2', 0],
      ['Charts being made', 25],
    ]);
  });

  it('4.2: shows nothing that no longer runs', async () => {
    expect(await bars([queuedTrial(0), startedTrial(0), completedTrial(0)])).toEqual([]);
  });
});
