import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createArtifactStore, type ArtifactStore } from '@onegin/artifacts';
import { OneginError, type ErrorCode, type PlotJob } from '@onegin/contracts';
import { createLogger } from '@onegin/service-kit';
import { PlotStore } from './plot-store.ts';

const logger = createLogger({ service: 'spec', level: 'silent' });
const job: PlotJob = { jobId: 'job-store', runName: 'run-store', target: 7, run: 2 };
const drawn = { svg: Buffer.from('<svg/>'), png: Buffer.from([1, 2, 3]) };

let folder: string;
let store: ArtifactStore;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'onegin-plot-store-'));
  store = await createArtifactStore({ directory: folder });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The real store, whose first writes and reads fail, `times` of them. */
function failing(times: number, code: ErrorCode) {
  let calls = 0;
  const attempt = <T>(work: () => Promise<T>) =>
    ++calls <= times ? Promise.reject(new OneginError(code, 'a spec says so')) : work();
  const faulty: ArtifactStore = {
    ...store,
    put: (key, body, about) => attempt(() => store.put(key, body, about)),
    get: (ref) => attempt(() => store.get(ref)),
    read: (key) => store.read(key),
    list: (prefix) => store.list(prefix),
  };
  return { faulty, calls: () => calls };
}

const open = (artifacts: ArtifactStore, attempts = 4, signal = new AbortController().signal) =>
  new PlotStore(artifacts, job, { attempts, firstWaitMs: 1, signal, logger });

describe('the artifacts of a set of charts', () => {
  it('are stored under target and run, and found again with the same references', async () => {
    const refs = await open(store).put('edf', drawn);
    expect(refs.map(({ key, kind, contentType }) => [key, kind, contentType])).toEqual([
      ['optimization_results/run-store/plots/trial_7/run_2/edf.svg', 'plot:edf.svg', 'image/svg+xml'],
      ['optimization_results/run-store/plots/trial_7/run_2/edf.png', 'plot:edf.png', 'image/png'],
    ]);
    expect(await open(store).present()).toEqual(new Map([['edf', refs]]));
  });

  it('are not there while one of the two files is missing, or of another run', async () => {
    const about = { kind: 'plot:rank.svg', contentType: 'image/svg+xml' };
    await store.put('optimization_results/run-store/plots/trial_7/run_2/rank.svg', drawn.svg, about);
    expect([...(await open(store).present()).keys()]).toEqual(['edf']);
    const other = new PlotStore(
      store,
      { ...job, run: 3 },
      { attempts: 1, signal: new AbortController().signal, logger },
    );
    expect(await other.present()).toEqual(new Map());
  });

  it('are tried again while the store cannot be reached', async () => {
    const { faulty, calls } = failing(3, 'storage-unavailable');
    expect(await open(faulty).put('slice', drawn)).toHaveLength(2);
    expect(calls()).toBe(5);
  });

  it('are given up after the last try, with the store’s own error', async () => {
    const { faulty, calls } = failing(100, 'storage-full');
    await expect(
      open(faulty, 3).metrics({ kind: 'metrics', key: 'k', bytes: 1, sha256: '', contentType: '' }),
    ).rejects.toMatchObject({ code: 'storage-full' });
    expect(calls()).toBe(3);
  });

  it('are not tried again where that cannot help', async () => {
    const { faulty, calls } = failing(100, 'storage-denied');
    await expect(open(faulty).put('slice', drawn)).rejects.toMatchObject({ code: 'storage-denied' });
    expect(calls()).toBe(2);
    const missing = { kind: 'metrics', key: 'nothing/here', bytes: 1, sha256: '', contentType: '' };
    await expect(open(store).metrics(missing)).rejects.toMatchObject({ code: 'artifact-missing' });
  });

  it('are not waited for when the plotter ends', async () => {
    const { faulty } = failing(100, 'storage-unavailable');
    const ending = new AbortController();
    const slow = new PlotStore(faulty, job, {
      attempts: 50,
      firstWaitMs: 60_000,
      signal: ending.signal,
      logger,
    });
    const stored = slow.put('slice', drawn);
    ending.abort(new Error('the service ends'));
    await expect(stored).rejects.toThrow('the service ends');
  });
});
