import { expect, it, jest } from '@jest/globals';
import { eachFaultOnce } from '../chaos/fault-plan.ts';
import { runChaos } from '../chaos/run-chaos.ts';

jest.setTimeout(900_000);

const seed = 11;

/** The long way is `npm run chaos`. */
it('a study loses and doubles nothing while every part of the system is killed, ended or cut off once', async () => {
  const plan = eachFaultOnce(seed);
  const report = await runChaos({ seed, forMs: Infinity, plan });
  expect(report.problems).toEqual([]);
  expect(Object.values(report.faults).reduce((sum, count) => sum + count, 0)).toBe(plan.length);
});
