import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { EpochSummary, TrialJob } from '@onegin/contracts';
import { exampleConfig } from '@onegin/contracts/testing';
import { until } from '@onegin/service-kit/testing';
import { OomKills } from './oom-kills.ts';
import { TrainingChild, type TrainHooks } from './training-child.ts';

const SMALL_MEMORY_BYTES = 96 * 2 ** 20;

function removed(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

/** Runs a test with a control group of little memory; where none can be made, that is said. */
async function inSmallMemory(test: (join: (pid: number) => void) => Promise<void>): Promise<void> {
  const first = existsSync('/sys/fs/cgroup/memory');
  const folder = join(first ? '/sys/fs/cgroup/memory' : '/sys/fs/cgroup', `onegin-spec-${process.pid}`);
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, first ? 'memory.limit_in_bytes' : 'memory.max'), String(SMALL_MEMORY_BYTES));
  } catch (error) {
    removed(folder);
    console.error(`SKIPPED: no control group can be made here (${String(error)})`);
    return;
  }
  try {
    await test((pid) => writeFileSync(join(folder, 'cgroup.procs'), String(pid)));
  } finally {
    // A process that was just ended still counts for a moment.
    await until(() => removed(folder));
  }
}

const job = (changes: Partial<TrialJob> = {}): TrialJob => ({
  jobId: 'job-example',
  runName: 'run-example',
  target: 0,
  run: 1,
  dataset: 'mnist-10k',
  modelKind: 'cnn',
  params: { filters: 4, denseUnits: 8, poolSize: 4, batchSize: 256 },
  seed: 5,
  studySeed: 1,
  epochs: 2,
  untilEpoch: 2,
  resource: 'cpu',
  objective: exampleConfig().objective,
  pruning: false,
  maxStarts: 3,
  hungAfterSeconds: 60,
  ...changes,
});

// Every test starts processes that load TensorFlow and a dataset; a busy machine takes its time over that.
jest.setTimeout(180_000);

const quiet: TrainHooks = { onEpoch: () => Promise.resolve('continue'), onProgress: () => undefined };

const once = (act: () => void): (() => void) => {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
};

describe('TrainingChild', () => {
  let datasetsDir: string;
  const children: TrainingChild[] = [];
  const start = async () => {
    const child = await TrainingChild.start({ resource: 'cpu', modelKind: 'cnn', datasetsDir, threads: 1 });
    children.push(child);
    return child;
  };

  beforeAll(() => {
    datasetsDir = mkdtempSync(join(tmpdir(), 'onegin-child-'));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill();
  });
  afterAll(() => rmSync(datasetsDir, { recursive: true, force: true }));

  it('trains one task after the other in the same process, the same way', async () => {
    const child = await start();
    expect(child.engine!.device).toBe('cpu');
    const runs: EpochSummary[][] = [];
    for (let i = 0; i < 2; i++) {
      const epochs: EpochSummary[] = [];
      const outcome = await child.train(
        job(),
        undefined,
        { ...quiet, onEpoch: async (summary) => (epochs.push(summary), 'continue') },
        job(),
      );
      expect(outcome).toMatchObject({ status: 'completed', result: { epochs: 2 } });
      runs.push(epochs);
    }
    const untimed = ({ seconds: _s, samplesPerSecond: _p, ...rest }: EpochSummary) => rest;
    expect(runs[1]!.map(untimed)).toEqual(runs[0]!.map(untimed));
    expect(child.trained).toBe(2);
  });

  it('goes on from a checkpoint in another process to the same end', async () => {
    const child = await start();
    const checkpoints: Uint8Array[] = [];
    const whole = await child.train(
      job(),
      undefined,
      { ...quiet, onEpoch: async (_summary, checkpoint) => (checkpoints.push(checkpoint), 'continue') },
      job(),
    );
    const epochs: number[] = [];
    const resumed = await (
      await start()
    ).train(
      job(),
      checkpoints[0],
      { ...quiet, onEpoch: async ({ epoch }) => (epochs.push(epoch), 'continue') },
      job(),
    );
    expect(epochs).toEqual([2]);
    if (whole.status !== 'completed' || resumed.status !== 'completed')
      throw new Error('expected both to complete');
    expect(resumed.result.accuracy).toBe(whole.result.accuracy);
    expect(resumed.result.loss).toBe(whole.result.loss);
  });

  it('asks for a shared prepared dataset first, and hands over what it had to prepare', async () => {
    const folder = join(datasetsDir, 'own/notes');
    mkdirSync(folder, { recursive: true });
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 2 ? 'good morning' : 'buy now'} ${i},${i % 2}`);
    writeFileSync(join(folder, 'data.csv'), `text,label\n${rows.join('\n')}\n`);
    const child = await start();
    const asked: string[] = [];
    const datasets = {
      get: async (name: string) => (asked.push(`get ${name}`), false),
      put: async (name: string) => void asked.push(`put ${name}`),
    };
    const params = { lstmUnits: 4, vocabularySize: 50, sequenceLength: 8, embeddingSize: 4, batchSize: 16 };
    const notes = job({ dataset: 'own/notes', modelKind: 'lstm', params, epochs: 1, untilEpoch: 1 });
    const outcome = await child.train(notes, undefined, { ...quiet, datasets }, notes);
    expect(outcome).toMatchObject({ status: 'completed' });
    expect(asked).toEqual([expect.stringMatching(/^get own-notes/), expect.stringMatching(/^put own-notes/)]);
  });

  describe('of two devices', () => {
    const startTwo = async () => {
      const setup = { resource: 'cpu', modelKind: 'cnn', datasetsDir, threads: 1 } as const;
      const child = await TrainingChild.start(setup, undefined, [setup]);
      children.push(child);
      return child;
    };

    it('stops when told to, and goes on from there to the end', async () => {
      const child = await startTwo();
      const interrupted = await child.train(
        job({ epochs: 3 }),
        undefined,
        { ...quiet, onProgress: () => child.stop('release') },
        job(),
      );
      if (interrupted.status !== 'stopped') throw new Error(`expected a stop, found ${interrupted.status}`);
      const epochs: number[] = [];
      const onEpoch = async ({ epoch }: EpochSummary) => (epochs.push(epoch), 'continue' as const);
      const task = job({ epochs: 3, untilEpoch: 3 });
      const outcome = await child.train(task, interrupted.checkpoint, { ...quiet, onEpoch }, task);
      expect(outcome).toMatchObject({ status: 'completed', result: { epochs: 3 } });
      expect(epochs).toEqual([1, 2, 3]);
      expect(child.alive).toBe(true);
    });

    it('fails when the process of one dies, names the device, and leaves no process behind', async () => {
      const child = await startTwo();
      const [helper] = child.helperPids;
      const kill = () => process.kill(helper!, 'SIGKILL');
      const task = job({ epochs: 500, untilEpoch: 500 });
      const outcome = await child.train(task, undefined, { ...quiet, onProgress: once(kill) }, task);
      // Whether it was for lack of memory depends on whether the kernel keeps count; see below.
      expect(outcome).toMatchObject({
        status: 'failed',
        code: expect.stringMatching(/^(training-process-died|out-of-memory)$/),
        message: expect.stringMatching(/^the process of device 2 of 2 was ended by SIGKILL/),
      });
      expect(child.alive).toBe(false);
    });
  });

  it('pauses at the rung that the task names', async () => {
    const outcome = await (await start()).train(job({ epochs: 9, untilEpoch: 1 }), undefined, quiet, job());
    expect(outcome).toEqual({ status: 'paused' });
  });

  it('stops within a batch when it is told to', async () => {
    const child = await start();
    const training = child.train(
      job({ epochs: 500, untilEpoch: 500 }),
      undefined,
      { ...quiet, onProgress: () => child.stop('cancel') },
      job(),
    );
    await expect(training).resolves.toMatchObject({ status: 'stopped' });
  });

  it('says why a network cannot be built, and stays alive', async () => {
    const child = await start();
    const outcome = await child.train(
      job({ params: { convLayers: 8, poolSize: 4 } }),
      undefined,
      quiet,
      job(),
    );
    expect(outcome).toMatchObject({ status: 'failed', code: 'network-impossible' });
    expect(child.alive).toBe(true);
  });

  it('takes a kill from outside for lack of memory only where the kernel does not count those', async () => {
    const child = await start();
    const counted = new OomKills(child.pid).happened !== null;
    const training = child.train(
      job({ epochs: 500, untilEpoch: 500 }),
      undefined,
      { ...quiet, onProgress: () => process.kill(child.pid!, 'SIGKILL') },
      job(),
    );
    const code = counted ? 'training-process-died' : 'out-of-memory';
    await expect(training).resolves.toMatchObject({ status: 'failed', code });
    expect(child.alive).toBe(false);
  });

  it('knows an end for lack of memory from the kernel’s count', async () => {
    await inSmallMemory(async (join) => {
      const child = await start();
      // What it has stays with its old group; what it takes from now on counts in the new one.
      join(child.pid!);
      const hungry = job({
        epochs: 500,
        untilEpoch: 500,
        params: { filters: 512, denseUnits: 2048, batchSize: 1024 },
      });
      const outcome = await child.train(hungry, undefined, quiet, hungry).finally(() => child.kill());
      expect(outcome).toMatchObject({ status: 'failed', code: 'out-of-memory' });
      if (outcome.status !== 'failed') throw new Error('expected a failure');
      expect(outcome.message).toContain('ended by SIGKILL for lack of memory');
    });
  });

  it('kills a training that makes no progress', async () => {
    const child = await start();
    const training = child.train(
      job({ epochs: 500, untilEpoch: 500 }),
      undefined,
      { ...quiet, onProgress: () => process.kill(child.pid!, 'SIGSTOP') },
      { hungAfterSeconds: 1.5 },
    );
    await expect(training).resolves.toMatchObject({ status: 'failed', code: 'training-hung' });
  });

  it('ends a training that takes too long', async () => {
    const outcome = await (
      await start()
    ).train(job({ epochs: 900, untilEpoch: 900 }), undefined, quiet, {
      hungAfterSeconds: 60,
      timeLimitSeconds: 2,
    });
    expect(outcome).toMatchObject({ status: 'failed', code: 'time-limit' });
  });
});
