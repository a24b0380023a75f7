import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { JobLine } from '@onegin/contracts';
import { ApiClient } from '../../../api/api-client.ts';
import { ApiError } from '../../../api/api-error.ts';
import type { LinesPage } from '../../../api/answers.ts';
import { StudyStore } from '../../../state/study-store.ts';
import { LineStore } from './line-store.ts';

const lineAt = (id: number): JobLine => ({
  id: `${id}-0`,
  at: id,
  level: 'info',
  service: 'trainer',
  message: `line ${id}`,
  trial: null,
  trainer: null,
  requestId: null,
  fields: {},
});
const page = (ids: number[], more = false): LinesPage => ({
  lines: ids.map(lineAt),
  next: `${ids.at(-1) ?? 0}-0`,
  more,
});

describe('the log lines of a job (4.2)', () => {
  const newest = signal<readonly unknown[]>([]);
  const isEnded = signal(false);
  let answers: (LinesPage | ApiError)[];
  let asked: (string | undefined)[];
  let store: LineStore;

  beforeEach(() => {
    jest.useFakeTimers();
    newest.set([]);
    isEnded.set(false);
    asked = [];
    TestBed.configureTestingModule({
      providers: [
        LineStore,
        { provide: StudyStore, useValue: { newest, isEnded, jobId: () => 'job-1' } },
        {
          provide: ApiClient,
          useValue: {
            lines: async (_: string, { after }: { after?: string }) => {
              asked.push(after);
              const answer = answers.shift() ?? page([]);
              if (answer instanceof ApiError) throw answer;
              return answer;
            },
          },
        },
      ],
    });
  });
  afterEach(() => void jest.useRealTimers());

  /** Lets what is due happen, and whatever follows within these seconds. */
  async function pass(seconds: number): Promise<void> {
    TestBed.tick();
    await jest.advanceTimersByTimeAsync(1000 * seconds);
  }
  async function open(...first: (LinesPage | ApiError)[]): Promise<void> {
    answers = first;
    store = TestBed.inject(LineStore);
    await pass(0);
  }
  const ids = () => store.lines()?.map(({ at }) => at);

  it('4.2: are read page by page, then asked for only when something happened', async () => {
    await open(page([1, 2], true), page([3]));
    expect(ids()).toEqual([1, 2, 3]);
    expect(asked).toEqual([undefined, '2-0']);
    await pass(600);
    expect(asked).toHaveLength(2);
    answers = [page([4])];
    newest.set(['an event']);
    await pass(2);
    expect([ids(), asked.at(-1)]).toEqual([[1, 2, 3, 4], '3-0']);
  });

  it('4.2: are asked for twice after the end, and never again', async () => {
    await open(page([1]));
    isEnded.set(true);
    newest.set(['the end']);
    await pass(600);
    expect(asked).toHaveLength(3);
    await pass(6000);
    expect(asked).toHaveLength(3);
  });

  it('say why they cannot be shown, and come when tried again', async () => {
    await open(new ApiError('away', null));
    expect([store.problem()?.message, store.lines()]).toEqual(['away', null]);
    answers = [page([1])];
    store.retry();
    await pass(1);
    expect([store.problem(), ids()]).toEqual([null, [1]]);
  });

  it('4.2: are not asked for by a panel that is closed', async () => {
    await open(page([1]));
    newest.set(['an event']);
    TestBed.tick();
    TestBed.resetTestingModule();
    await jest.advanceTimersByTimeAsync(600_000);
    expect(asked).toHaveLength(1);
  });
});
