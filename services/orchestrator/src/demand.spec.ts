import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TrainerHeartbeat } from '@onegin/contracts';
import { writeHeartbeat } from '@onegin/service-kit';
import { Demand } from './demand.ts';
import { TestBed } from './testing/test-bed.ts';

let bed: TestBed;
beforeAll(async () => {
  bed = await TestBed.start();
});
afterAll(() => bed.close());

describe('capacity', () => {
  test('is the slots of the live trainers that take work, per resource', async () => {
    const trainer = (id: string, of: Partial<TrainerHeartbeat>): TrainerHeartbeat => ({
      id,
      host: 'a-host',
      pid: 1,
      resource: 'cpu',
      engine: 'native',
      device: 'cpu',
      slots: 1,
      status: 'ready',
      current: [],
      stepsPerSecond: null,
      samplesPerSecond: null,
      completed: 0,
      failedInARow: 0,
      failed: 0,
      startedAt: 1,
      at: Date.now(),
      simulated: false,
      ...of,
    });
    const { blocking } = bed.redis;
    await writeHeartbeat(blocking, trainer('a', {}));
    await writeHeartbeat(blocking, trainer('b', { slots: 3 }));
    await writeHeartbeat(blocking, trainer('c', { resource: 'gpu', slots: 2 }));
    await writeHeartbeat(blocking, trainer('d', { status: 'draining' }));
    await writeHeartbeat(blocking, trainer('e', { status: 'withdrawn', slots: 8 }));
    const demand = new Demand(blocking);
    expect(await demand.capacity()).toEqual({ cpu: 4, gpu: 2 });
    expect(await new Demand(blocking).capacity()).toEqual({ cpu: 4, gpu: 2 });
  });
});
