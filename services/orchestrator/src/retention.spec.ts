import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { studyPrefix } from '@onegin/contracts';
import { prunableStudies } from '@onegin/artifacts';
import { until } from '@onegin/service-kit/testing';
import { retentionRule } from './retention.ts';
import { TestBed } from './testing/test-bed.ts';

let bed: TestBed;
beforeAll(async () => {
  bed = await TestBed.start();
});
afterAll(() => bed.close());

async function archived(): Promise<{ jobId: string; runName: string }> {
  const jobId = await bed.request({ trials: 1, epochs: 1 });
  const { config } = await bed.ended(jobId);
  await until(async () => (await bed.log.archivedAt(jobId)) !== null);
  return { jobId, runName: config.runName };
}

const filesOf = async (runName: string): Promise<number> => {
  let files = 0;
  for await (const file of bed.store.list(studyPrefix(runName))) if (file) files++;
  return files;
};

describe('the operator’s rule', () => {
  test('without settings keeps everything', () => {
    expect(retentionRule({})).toBeNull();
    expect(retentionRule({ archiveKeep: 3 })).toEqual({ keep: 3 });
  });

  test('removes what is beyond it, from the store and from Redis, and nothing else', async () => {
    const plain = await bed.orchestrator();
    await bed.trainer();
    const old = await archived();
    const newer = await archived();
    await plain.close();
    expect(await filesOf(old.runName)).toBeGreaterThan(0);
    expect((await prunableStudies(bed.store, { keep: 1 })).jobs).toMatchObject([
      { ...old, files: await filesOf(old.runName) },
    ]);

    const strict = await bed.orchestrator({ archiveKeep: 1 });
    await until(async () => (await prunableStudies(bed.store, {})).jobs.length === 1);
    expect((await prunableStudies(bed.store, {})).jobs).toMatchObject([newer]);
    expect(await filesOf(old.runName)).toBe(0);
    expect(await bed.log.load(old.jobId)).toBeNull();
    expect((await bed.log.load(newer.jobId))!.status).toBe('completed');
    await strict.close();
  });
});
