import { describe, expect, test } from '@jest/globals';
import { createMetrics, SHORT_SECONDS } from './metrics.ts';

describe('metrics', () => {
  test('are exported under their names with the component as a label', async () => {
    const metrics = createMetrics('spec');
    metrics.counter('onegin_trials_total', 'Trials.', ['outcome']).inc({ outcome: 'completed' });
    metrics
      .gauge('onegin_queue_jobs', 'Tasks.', ['queue', 'state'])
      .set({ queue: 'plots', state: 'active' }, 2);
    metrics.histogram('onegin_decision_seconds', 'Decisions.', SHORT_SECONDS).observe(0.01);
    const text = await metrics.registry.metrics();
    expect(text).toContain('onegin_trials_total{outcome="completed",component="spec"} 1');
    expect(text).toContain('onegin_queue_jobs{queue="plots",state="active",component="spec"} 2');
    expect(text).toContain('onegin_decision_seconds_bucket{le="0.02",component="spec"} 1');
    expect(text).toContain('process_resident_memory_bytes');
    expect(text.endsWith('\n')).toBe(true);
  });

  test('refuse names and labels that break the rule', () => {
    const metrics = createMetrics('spec');
    expect(() => metrics.counter('onegin_trials', 'x')).toThrow(/…_total/);
    expect(() => metrics.gauge('trials', 'x')).toThrow(/onegin_<thing>/);
    expect(() => metrics.gauge('onegin_queue_count', 'x')).toThrow(/onegin_<thing>/);
    expect(() => metrics.gauge('onegin_wait_ms', 'x')).toThrow(/base units/);
    expect(() => metrics.histogram('onegin_wait', 'x', [1])).toThrow(/base unit/);
    expect(() => metrics.gauge('onegin_trials_running', 'x', ['jobId'])).toThrow(/found jobId/);
  });
});
