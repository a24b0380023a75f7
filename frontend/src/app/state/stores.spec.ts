/** The small stores: what is chosen, all jobs, the trainers, the clock, the colours. */
import { TestBed } from '@angular/core/testing';
import { Component } from '@angular/core';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { JobSummary, TrainerHeartbeat } from '@onegin/contracts';
import { ApiClient } from '../api/api-client.ts';
import { ApiError } from '../api/api-error.ts';
import { LiveConnection, type OverviewWatcher } from '../live/live-connection.ts';
import { Clock } from './clock.ts';
import { OverviewStore } from './overview-store.ts';
import { SelectionStore } from './selection-store.ts';
import { ThemeStore } from './theme-store.ts';
import { TrainerWatch } from './trainer-watch.ts';

const job = (jobId: string, createdAt: number, status = 'running') =>
  ({ jobId, createdAt, status }) as unknown as JobSummary;

/** Stands in for the connection: a test says what arrives. */
class HandedConnection {
  readonly watchers: OverviewWatcher[] = [];
  stopped = 0;
  watchOverview(watcher: OverviewWatcher): () => void {
    this.watchers.push(watcher);
    return () => void this.stopped++;
  }
}

describe('the selection of a job’s page', () => {
  let store: SelectionStore;
  beforeEach(() => {
    TestBed.configureTestingModule({ providers: [SelectionStore] });
    store = TestBed.inject(SelectionStore);
  });

  it('4.6: has one trial under the pointer, for all charts', () => {
    expect(store.lit()).toEqual([]);
    store.pointAt(7);
    expect([store.pointed(), store.lit()]).toEqual([7, [7]]);
    store.pointAt(null);
    expect(store.lit()).toEqual([]);
  });

  it('keeps chosen trials in the order of their numbers', () => {
    store.choose([12, 3]);
    store.toggle(5);
    store.toggle(12);
    expect(store.chosen()).toEqual([3, 5]);
    expect([store.isChosen(5), store.isChosen(12)]).toEqual([true, false]);
  });

  it('4.6: keeps brushes by axis until the last is taken back, or all at once', () => {
    store.brush('filters', [[0, 0.5]]);
    store.brush('dropout', [[0.2, 0.3]]);
    store.brush('filters', []);
    expect([...store.areas().keys()]).toEqual(['dropout']);
    store.clearBrush();
    expect(store.areas().size).toBe(0);
  });
});

describe('the overview', () => {
  let connection: HandedConnection;
  function watching(api: Partial<ApiClient>) {
    connection = new HandedConnection();
    TestBed.configureTestingModule({
      providers: [
        { provide: ApiClient, useValue: api },
        { provide: LiveConnection, useValue: connection },
      ],
    });
    const store = TestBed.inject(OverviewStore);
    @Component({ template: '' })
    class Page {
      readonly overview = store.look();
    }
    return { store, open: () => TestBed.createComponent(Page) };
  }

  it('reads every page of jobs, newest first, and takes what changes', async () => {
    const asked: (string | undefined)[] = [];
    const { store, open } = watching({
      jobs: async ({ after } = {}) => {
        asked.push(after);
        return after ? { jobs: [job('old', 1)], next: null } : { jobs: [job('new', 3)], next: 'more' };
      },
    });
    const page = open();
    expect(store.isLoading()).toBe(true);
    await page.whenStable();
    expect(asked).toEqual(['', 'more']);
    connection.watchers[0]?.jobs([job('old', 1, 'completed'), job('middle', 2)]);
    expect(store.jobs().map(({ jobId, status }) => `${jobId} ${status}`)).toEqual([
      'new running',
      'middle running',
      'old completed',
    ]);
  });

  it('4.2: is watched once for all pages, and by nobody after the last is left', async () => {
    const { open } = watching({ jobs: async () => ({ jobs: [], next: null }) });
    const [one, other] = [open(), open()];
    await one.whenStable();
    expect(connection.watchers).toHaveLength(1);
    one.destroy();
    expect(connection.stopped).toBe(0);
    other.destroy();
    expect(connection.stopped).toBe(1);
  });

  it('says why jobs cannot be shown', async () => {
    const { store, open } = watching({ jobs: () => Promise.reject(new ApiError('away', null)) });
    await open().whenStable();
    expect(store.problem()?.message).toBe('away');
    expect(store.isLoading()).toBe(false);
  });
});

describe('the trainers of a page', () => {
  it('4.2: are watched from start to stop, and not known after', () => {
    const connection = new HandedConnection();
    TestBed.configureTestingModule({
      providers: [TrainerWatch, { provide: LiveConnection, useValue: connection }],
    });
    const watch = TestBed.inject(TrainerWatch);
    watch.start();
    watch.start();
    expect(connection.watchers).toHaveLength(1);
    expect(watch.trainers()).toBeNull();
    connection.watchers[0]?.trainers([{ id: 'a' } as TrainerHeartbeat]);
    expect(watch.trainers()).toHaveLength(1);
    watch.stop();
    expect([watch.trainers(), connection.stopped]).toEqual([null, 1]);
  });
});

describe('the clock', () => {
  afterEach(() => void jest.useRealTimers());

  it('4.2: beats while it is looked at, and no longer', () => {
    jest.useFakeTimers({ now: 1000 });
    TestBed.configureTestingModule({ providers: [Clock] });
    const clock = TestBed.inject(Clock);
    clock.start();
    clock.start();
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(3000);
    expect(clock.now()).toBe(4000);
    clock.stop();
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('the colours', () => {
  beforeEach(() => localStorage.clear());

  it('4.9: are the system’s until somebody chooses, and the choice is kept', () => {
    const theme = TestBed.inject(ThemeStore);
    expect([theme.choice(), theme.isDark()]).toEqual(['system', false]);
    theme.choose('dark');
    expect(document.documentElement.classList.contains('dark')).toBe(true);
    TestBed.resetTestingModule();
    expect(TestBed.inject(ThemeStore).choice()).toBe('dark');
    TestBed.inject(ThemeStore).choose('light');
    expect(document.documentElement.className).toBe('light');
  });
});
