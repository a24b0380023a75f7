import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { MatDialog } from '@angular/material/dialog';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { emptySite, reduceStudy, type NewStudyEvent, type StudyState } from '@onegin/contracts';
import {
  completedTrial,
  endedEpoch,
  exampleConfig,
  exampleResult,
  logOf,
  queuedFinalModel,
  queuedTrial,
  startedTrial,
} from '@onegin/contracts/testing';
import { of } from 'rxjs';
import { ApiClient } from '../../api/api-client.ts';
import { provideIcons } from '../../parts/icon/provide-icons.ts';
import { SaveAs } from '../../parts/save/save-as.ts';
import { Clock } from '../../state/clock.ts';
import { JobHeader } from './job-header.ts';

const begun: NewStudyEvent[] = [
  { type: 'JobRequested', config: exampleConfig() },
  { type: 'JobStarted' },
  queuedTrial(0),
  startedTrial(0),
  endedEpoch(0, 1),
];
const searched: NewStudyEvent[] = [...begun, completedTrial(0), { type: 'SearchEnded', reason: 'enough' }];
const finalStarted: NewStudyEvent = {
  type: 'TrainingStarted',
  target: 'final',
  attempt: 1,
  trainer: 'trainer-1',
  engine: 'native',
  device: 'cpu',
};
const ready: NewStudyEvent = {
  type: 'TrainingCompleted',
  target: 'final',
  attempt: 1,
  result: exampleResult(),
  artifacts: [],
};

const studyOf = (events: readonly NewStudyEvent[]): StudyState => {
  const state = logOf(events).reduce<StudyState | null>((before, event) => reduceStudy(before, event), null);
  if (!state) throw new Error('expected a study');
  return state;
};

let saved: string[];
let asked: string[];
let cancelled: string[];

async function header(events: readonly NewStudyEvent[], tensorboard: string | null = null) {
  TestBed.resetTestingModule();
  TestBed.configureTestingModule({
    providers: [
      Clock,
      provideRouter([]),
      provideIcons(),
      {
        provide: ApiClient,
        useValue: {
          site: async () => ({ ...emptySite, tensorboard }),
          file: async (path: string) => (asked.push(path), new Blob([])),
          cancel: async (jobId: string) => void cancelled.push(jobId),
        },
      },
      {
        provide: SaveAs,
        useValue: {
          save: async (name: string, content: () => Promise<Blob>) => {
            saved.push(name);
            await content();
          },
        },
      },
      { provide: MatDialog, useValue: { open: () => ({ afterClosed: () => of(true) }) } },
    ],
  });
  const fixture = TestBed.createComponent(JobHeader);
  fixture.componentRef.setInput('state', studyOf(events));
  await fixture.whenStable();
  const element = fixture.nativeElement as HTMLElement;
  const button = (words: string) =>
    [...element.querySelectorAll('button')].find((one) => one.textContent?.includes(words));
  return { element, button };
}

describe('the head of a job’s page', () => {
  beforeEach(() => {
    saved = [];
    asked = [];
    cancelled = [];
  });

  it.each<[string, NewStudyEvent[], boolean]>([
    ['while trials run', begun, false],
    ['after the search', searched, false],
    ['while the final model trains', [...searched, queuedFinalModel, finalStarted], false],
    ['as soon as the final model exists', [...searched, queuedFinalModel, finalStarted, ready], true],
    ['after the end', [...searched, queuedFinalModel, finalStarted, ready, { type: 'JobCompleted' }], true],
  ])('4.10: the model can be downloaded %s: %#', async (_when, events, can) => {
    const { button } = await header(events);
    const model = button('Model (.keras)');
    expect(model?.disabled).toBe(!can);
    model?.click();
    expect(saved).toEqual(can ? ['mnist-10k_health_example.keras'] : []);
    expect(asked).toEqual(can ? ['download/job-example'] : []);
  });

  it('2.2: shows how many trials are done, as a bar and in words', async () => {
    const { element } = await header(searched);
    const bar = element.querySelector('[role=progressbar]');
    expect(bar?.getAttribute('aria-label')).toBe('Trials done: 1 of 3');
    expect(element.querySelector('[role=status]')?.textContent).not.toBe('');
    expect(element.textContent).toContain('on CPU trainers');
  });

  it('2.9: cancels after one question, and has nothing to cancel after the end', async () => {
    const { button } = await header(begun);
    button('Cancel')?.click();
    // The dialog is fetched first.
    while (cancelled.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(cancelled).toEqual(['job-example']);
    const ended = await header([...begun, { type: 'CancelRequested' }, { type: 'JobCancelled' }]);
    expect(ended.button('Cancel')).toBeUndefined();
  });

  it('3.5: links to the run in TensorBoard where one is configured and there is something to see', async () => {
    const link = async (events: NewStudyEvent[], address: string | null) =>
      (await header(events, address)).element.querySelector('a')?.getAttribute('href') ?? null;
    expect(await link(searched, null)).toBeNull();
    expect(await link(begun, 'https://tb.example.org')).toBeNull();
    const href = await link(searched, 'https://tb.example.org');
    expect(new URL(href ?? '').searchParams.get('runFilter')).toBe('^mnist-10k_health_example/');
  });
});
