import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { reduceStudy, type StudyState } from '@onegin/contracts';
import {
  completedTrial,
  endedEpoch,
  exampleConfig,
  logOf,
  queuedTrial,
  startedTrial,
} from '@onegin/contracts/testing';
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
  beforeEach(() => {
    connection = new HandedConnection();
    TestBed.configureTestingModule({
      providers: [StudyStore, { provide: LiveConnection, useValue: connection }],
    });
    store = TestBed.inject(StudyStore);
    store.open('job-000001');
  });
  const watcher = (): JobWatcher => {
    if (!connection.watcher) throw new Error('expected the store to watch');
    return connection.watcher;
  };

  it('folds what arrives with the shared reducer, once per frame', async () => {
    const half = Math.ceil(events.length / 2);
    watcher().events(events.slice(0, half));
    watcher().events(events.slice(half));
    expect(store.state()).toBeNull();
    await nextFrame();
    const whole = events.reduce<StudyState | null>((state, event) => reduceStudy(state, event), null);
    expect(store.state()).toEqual(whole);
    expect(store.trials().map(({ status }) => status)).toEqual(whole?.trials.map(({ status }) => status));
  });

  it('asks to go on from the last event it has, and takes no event twice', async () => {
    expect(watcher().after()).toBeUndefined();
    watcher().events(events.slice(0, 3));
    await nextFrame();
    expect(watcher().after()).toBe(events[2]?.seq);
    watcher().events(events.slice(0, 4));
    await nextFrame();
    expect(store.state()?.seq).toBe(events[3]?.seq);
  });

  it('a snapshot replaces what was there', async () => {
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
    watcher().events(events);
    await nextFrame();
    expect(store.isEnded()).toBe(true);
    expect(connection.stopped).toBe(1);
  });

  it('says why a job is not shown', () => {
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
});
