import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { sampleStudy, sampleTrialMetrics } from '@onegin/charts/testing';
import { createLogger } from '@onegin/service-kit';
import { drawingPool, type DrawingPool } from './drawing-peer.ts';
import { DrawingSet } from './drawing-set.ts';

jest.setTimeout(240_000);

const logger = createLogger({ service: 'spec', level: 'silent' });
const settings = { theme: 'light' as const, chartTimeoutMs: 30_000 };
const source = { target: 'trial' as const, metrics: Buffer.from(JSON.stringify(sampleTrialMetrics())) };

let pool: DrawingPool;
const open = (limits = { childCharts: 100, childMemoryMb: 4096 }) => (pool = drawingPool(limits, logger));
afterEach(() => pool.close());

describe('drawing in a process of its own', () => {
  it('leaves the event loop free', async () => {
    const set = await DrawingSet.open(
      open(),
      { target: 'study', state: sampleStudy({ trials: 2000, epochs: 2 }) },
      settings,
    );
    let turns = 0;
    const timer = setInterval(() => turns++, 5);
    await set.draw('slice');
    clearInterval(timer);
    expect(turns).toBeGreaterThan(2);
  });

  it('gives the same bytes for the same data', async () => {
    const set = await DrawingSet.open(open(), source, settings);
    const [first, second] = [await set.draw('gradient-flow'), await set.draw('gradient-flow')];
    expect(Buffer.compare(first.svg, second.svg)).toBe(0);
    expect(Buffer.compare(first.png, second.png)).toBe(0);
  });

  it('goes on in another process when one dies, and loses one chart at most', async () => {
    const set = await DrawingSet.open(open(), source, settings);
    process.kill(pool.take().pid!, 'SIGKILL');
    await expect(set.draw('training-history')).rejects.toMatchObject({
      code: 'plots-failed',
      message: expect.stringContaining('SIGKILL'),
    });
    expect((await set.draw('confusion-matrix')).png.length).toBeGreaterThan(1000);
  });

  it('gives up on a source that kills every process', async () => {
    const set = await DrawingSet.open(open(), source, settings);
    for (let i = 0; i < 3; i++) {
      const drawing = set.draw('training-history');
      process.kill(pool.take().pid!, 'SIGKILL');
      await expect(drawing).rejects.toMatchObject({ code: 'plots-failed' });
    }
    await expect(set.draw('training-history')).rejects.toThrow('not tried: drawing ended 3 processes');
  });

  it('ends a process that takes too long', async () => {
    const set = await DrawingSet.open(open(), source, settings);
    const impatient = await DrawingSet.open(pool, source, settings);
    Object.assign(settings, { chartTimeoutMs: 1 });
    await expect(impatient.draw('weight-distribution')).rejects.toThrow(/did not answer draw within 0.001 s/);
    Object.assign(settings, { chartTimeoutMs: 30_000 });
    expect((await set.draw('health-radar')).svg.length).toBeGreaterThan(1000);
  });

  it('replaces a process that has drawn enough or holds too much', async () => {
    const set = await DrawingSet.open(open({ childCharts: 1, childMemoryMb: 4096 }), source, settings);
    const first = pool.take();
    await set.draw('learning-rate');
    expect(pool.take()).not.toBe(first);
    await set.draw('learning-rate');
    pool.close();
    const small = await DrawingSet.open(open({ childCharts: 100, childMemoryMb: 1 }), source, settings);
    const large = pool.take();
    await small.draw('learning-rate');
    expect(pool.take()).not.toBe(large);
  });

  it('knows no chart of another target', async () => {
    const set = await DrawingSet.open(open(), source, settings);
    await expect(set.draw('slice')).rejects.toThrow('there is no chart slice');
  });
});
