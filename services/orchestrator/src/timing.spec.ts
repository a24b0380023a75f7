import { describe, expect, test } from '@jest/globals';
import { until } from '@onegin/service-kit/testing';
import { Alarms } from './alarms.ts';
import { orchestratorConfig } from './config.ts';
import { snapshotDue } from './snapshot.ts';

describe('snapshots', () => {
  test('come after 500 events, and in a long study when it has grown by a twentieth', () => {
    expect(snapshotDue(500, 0)).toBe(false);
    expect(snapshotDue(501, 0)).toBe(true);
    expect(snapshotDue(100_000, 96_000)).toBe(false);
    expect(snapshotDue(100_000, 94_000)).toBe(true);
  });
});

describe('alarms', () => {
  test('ring once per study, at the earlier time; none rings after the end', async () => {
    const rung: string[] = [];
    const alarms = new Alarms((jobId) => rung.push(jobId));
    alarms.wakeAt('job-one', Date.now() + 60_000);
    alarms.wakeAt('job-one', Date.now() + 20);
    alarms.wakeAt('job-one', Date.now() + 40_000);
    alarms.wakeAt('job-past', Date.now() - 1000);
    alarms.wakeAt('job-never', Date.now() + 400 * 86_400_000);
    await until(() => rung.length === 2);
    expect(rung.sort()).toEqual(['job-one', 'job-past']);
    alarms.wakeAt('job-late', Date.now() + 20);
    alarms.close();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(rung).toHaveLength(2);
  });
});

describe('the configuration', () => {
  test('fits one machine without any variable', () => {
    expect(orchestratorConfig({})).toMatchObject({
      redisUrl: 'redis://127.0.0.1:6399',
      artifactsDir: './data/artifacts',
      reconcileMs: 10_000,
      plots: true,
    });
  });

  test('names what is wrong', () => {
    expect(() => orchestratorConfig({ RECONCILE_INTERVAL: 'often', PLOTS: 'maybe' })).toThrow(
      /RECONCILE_INTERVAL: expected a duration.*"often"\n.*PLOTS: expected true or false, found "maybe"/,
    );
  });
});
