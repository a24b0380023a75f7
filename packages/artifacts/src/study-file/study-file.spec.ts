import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  archiveIndexKey,
  archiveKey,
  reduceStudy,
  trainingKey,
  type ArtifactRef,
  type StudyState,
} from '@onegin/contracts';
import { completedTrial, exampleConfig, logOf, queuedTrial, startedTrial } from '@onegin/contracts/testing';
import { createArtifactStore } from '../create-artifact-store.ts';
import type { ArtifactStore } from '../artifact-store.ts';
import { exportStudy } from './export-study.ts';
import { importStudy } from './import-study.ts';

let folder: string;
let from: ArtifactStore;
let into: ArtifactStore;
let file: string;
const config = exampleConfig();
const { jobId, runName } = config;
const metricsKey = trainingKey(runName, 0, 1, 'metrics.json');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onegin-study-file-'));
  from = await createArtifactStore({ directory: join(folder, 'from') });
  into = await createArtifactStore({ directory: join(folder, 'into') });
  file = join(folder, 'study.tar');
  await archive();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** An ended study with one trial and its file, as the orchestrator archives it. */
async function archive(): Promise<void> {
  const json = 'application/json';
  const metrics = await from.put(metricsKey, Buffer.from('{"epochs":[]}'), {
    kind: 'metrics',
    contentType: json,
  });
  const completed = completedTrial(0);
  const events = logOf([
    { type: 'JobRequested', config },
    { type: 'JobStarted' },
    queuedTrial(0),
    startedTrial(0),
    completed.type === 'TrainingCompleted' ? { ...completed, artifacts: [metrics] } : completed,
    { type: 'CancelRequested' },
    { type: 'JobCancelled' },
  ]);
  const state = events.reduce<StudyState | null>(reduceStudy, null);
  const put = (name: 'study.json' | 'log.ndjson', text: string): Promise<ArtifactRef> =>
    from.put(archiveKey(runName, name), Buffer.from(text), { kind: name, contentType: json });
  const files = {
    study: await put('study.json', JSON.stringify(state)),
    log: await put('log.ndjson', events.map((event) => `${JSON.stringify(event)}\n`).join('')),
  };
  const entry = { jobId, runName, createdAt: 1000, status: 'cancelled', files };
  await from.put(archiveIndexKey(jobId), Buffer.from(JSON.stringify(entry)), {
    kind: 'index',
    contentType: json,
  });
}

const save = async (): Promise<void> =>
  pipeline((await exportStudy(from, jobId)).stream, createWriteStream(file));

/** Changes bytes of the exported file without changing its length. */
async function tamper(before: string, after: string): Promise<void> {
  const bytes = await readFile(file);
  const at = bytes.indexOf(before);
  expect(at).toBeGreaterThan(0);
  bytes.write(after, at);
  await writeFile(file, bytes);
}

/** Every file of a store; the index, which an import rewrites, as what it says. */
const contents = async (store: ArtifactStore): Promise<Map<string, unknown>> => {
  const found = new Map<string, unknown>();
  for await (const { key } of store.list('optimization_results/')) {
    const text = (await store.read(key)).toString();
    found.set(key, key === archiveIndexKey(jobId) ? JSON.parse(text) : text);
  }
  return found;
};

describe('a study as one file', () => {
  test('comes into another store as it was', async () => {
    await save();
    expect(await importStudy(into, file)).toMatchObject({ jobId, runName, status: 'cancelled' });
    expect(await contents(into)).toEqual(await contents(from));
    expect((await contents(into)).size).toBe(4);
  });

  test('is refused where the job is there already, and nothing changes', async () => {
    await save();
    await expect(importStudy(from, file)).rejects.toMatchObject({ code: 'idempotency-conflict' });
  });

  test('is only made of what has ended', async () => {
    await expect(exportStudy(from, 'job-running')).rejects.toMatchObject({ code: 'job-unknown' });
  });

  test('is not made when a file of the study is missing', async () => {
    await from.removePrefix(metricsKey);
    await expect(save()).rejects.toMatchObject({ code: 'artifact-missing' });
  });
});

describe('a file that does not fit is refused with place and reason, and nothing is written:', () => {
  test.each([
    ['a damaged artifact', '{"epochs":[]}', '{"epochs":{}}', metricsKey, /SHA-256/],
    [
      'a changed log',
      '"type":"JobStarted"',
      '"type":"JobStopped"',
      archiveKey(runName, 'log.ndjson'),
      /SHA-256/,
    ],
    ['another version', '"version":1', '"version":2', 'version', /expected/],
    ['a key outside the study', '/trials/trial_0/', '/../../../etc/p/', '', /\.\./],
  ])('%s', async (_, before, after, field, reason) => {
    await save();
    await tamper(before, after);
    const refused = await importStudy(into, file).then(
      () => null,
      (error: unknown) => error as { code: string; message: string },
    );
    expect(refused).toMatchObject({ code: 'request-invalid' });
    expect(refused!.message).toContain(field);
    expect(refused!.message).toMatch(reason);
    expect((await contents(into)).size).toBe(0);
  });

  test('a part of one', async () => {
    await save();
    const bytes = await readFile(file);
    await writeFile(file, bytes.subarray(0, bytes.length / 2));
    await expect(importStudy(into, file)).rejects.toMatchObject({ code: 'request-invalid' });
    expect((await contents(into)).size).toBe(0);
  });

  test.each([
    ['no tar', 'something else entirely'],
    ['nothing', ''],
  ])('%s', async (_, text) => {
    await writeFile(file, text);
    await expect(importStudy(into, file)).rejects.toMatchObject({ code: 'request-invalid' });
  });
});
