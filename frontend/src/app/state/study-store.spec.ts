import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { reduceStudy, type StudyEvent, type StudyState } from '@onegin/contracts';
import {
  completedTrial,
  endedEpoch,
  exampleConfig,
  logOf,
  queuedTrial,
  startedTrial,
} from '@onegin/contracts/testing';
import { ApiClient } from '../api/api-client.ts';
import { ApiError } from '../api/api-error.ts';
import { LiveConnection, type JobWatcher } from '../live/live-connection.ts';
import { StudyStore } from './study-store.ts';

/** Stands in for the connection: hands out the watcher, so that a test says what arrives. */
class HandedConnection {
  watcher: JobWatcher | null = null;
  stopped = 0;
  readonly isLost = signal(false);
  watchJob(watcher: JobWatcher): () => void {
    this.watcher = watcher;
    return () => void this.stopped++;
  }
  retry(): void {}
}

const folded = (events: readonly StudyEvent[]): StudyState => {
  const state = events.reduce<StudyState | null>((before, event) => reduceStudy(before, event), null);
  if (!state) throw new Error('expected a study');
  return state;
};
const nextFrame = () => new Promise((resolve) => requestAnimationFrame(() => resolve(null)));

describe('StudyStore', () => {
  const events = logOf([
    { type: 'JobRequested', config: exampleConfig() },
    { type: 'JobStarted' },
    queuedTrial(0),
    startedTrial(0),
    endedEpoch(0, 1),
    completedTrial(0),
    { type: 'JobCompleted' },
  ]);
  let connection: HandedConnection;
  let store: StudyStore;
  /** What the gateway answers when it is asked for the whole study. */
  let answer: () => Promise<StudyState>;
  const away = async (): Promise<never> => {
    throw new ApiError('Onegin cannot be reached.', null);
  };
  const opened = async () => {
    store.open('job-000001');
    await nextFrame();
  };
  beforeEach(async () => {
    connection = new HandedConnection();
    answer = away;
    TestBed.configureTestingModule({
      providers: [
        StudyStore,
        { provide: LiveConnection, useValue: connection },
        { provide: ApiClient, useValue: { state: () => answer() } },
      ],
    });
    store = TestBed.inject(StudyStore);
  });
  const watcher = (): JobWatcher => {
    if (!connection.watcher) throw new Error('expected the store to watch');
    return connection.watcher;
  };

  it('folds what arrives with the shared reducer, once per frame', async () => {
    await opened();
    const half = Math.ceil(events.length / 2);
    watcher().events(events.slice(0, half));
    watcher().events(events.slice(half));
    expect(store.state()).toBeNull();
    await nextFrame();
    const whole = events.reduce<StudyState | null>((state, event) => reduceStudy(state, event), null);
    expect(store.state()).toEqual(whole);
    expect(store.trials().map(({ status }) => status)).toEqual(whole?.trials.map(({ status }) => status));
  });

  it('hands out another object after each batch, or no component would be told', async () => {
    await opened();
    watcher().events(events.slice(0, 3));
    await nextFrame();
    const before = store.state();
    watcher().events(events.slice(3, 5));
    await nextFrame();
    expect(store.state()).not.toBe(before);
    expect(store.state()?.trials).toBe(before?.trials);
  });

  it('asks to go on from the last event it has, and takes no event twice', async () => {
    await opened();
    expect(watcher().after()).toBeUndefined();
    watcher().events(events.slice(0, 3));
    await nextFrame();
    expect(watcher().after()).toBe(events[2]?.seq);
    watcher().events(events.slice(0, 4));
    await nextFrame();
    expect(store.state()?.seq).toBe(events[3]?.seq);
  });

  it('a snapshot replaces what was there', async () => {
    await opened();
    watcher().events(events.slice(0, 2));
    await nextFrame();
    const whole = events.reduce<StudyState | null>((state, event) => reduceStudy(state, event), null);
    if (!whole) throw new Error('expected a study');
    watcher().snapshot(structuredClone(whole));
    await nextFrame();
    expect(store.state()?.seq).toBe(whole.seq);
    expect(store.trials()).toHaveLength(whole.trials.length);
  });

  it('stops watching when the job has ended (4.2)', async () => {
    await opened();
    watcher().events(events);
    await nextFrame();
    expect(store.isEnded()).toBe(true);
    expect(connection.stopped).toBe(1);
  });

  it('says why a job is not shown', async () => {
    await opened();
    watcher().refused({
      type: '',
      title: 'There is no job with this id',
      status: 404,
      detail: 'x',
      code: 'job-unknown',
    });
    expect(store.problem()?.code).toBe('job-unknown');
    expect(store.isLoading()).toBe(false);
  });

  it('starts from the whole study, and watches what comes after it', async () => {
    answer = async () => folded(events.slice(0, 3));
    await opened();
    expect(store.state()?.trials).toHaveLength(1);
    expect(watcher().after()).toBe(events[2]?.seq);
    watcher().events(events.slice(3, 5));
    await nextFrame();
    expect(store.state()?.seq).toBe(events[4]?.seq);
  });

  it('watches nothing where the study has ended, nor what was closed meanwhile', async () => {
    answer = async () => folded(events);
    await opened();
    expect(store.isEnded()).toBe(true);
    expect(connection.watcher).toBeNull();
    store.close();
    answer = async () => folded(events.slice(0, 3));
    store.open('job-000002');
    store.close();
    await nextFrame();
    expect(store.state()).toBeNull();
    expect(connection.watcher).toBeNull();
  });

  it('says that there is no such job without waiting for the connection', async () => {
    const problem = { type: '', title: 'There is no job with this id', status: 404, detail: 'x' };
    answer = () => Promise.reject(new ApiError('x', { ...problem, code: 'job-unknown' }));
    await opened();
    expect(store.problem()?.code).toBe('job-unknown');
    expect(connection.watcher).toBeNull();
  });
});
