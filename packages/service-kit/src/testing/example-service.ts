/** A service of nothing but the kit, for the spec of a service's life. `FAIL` names what goes wrong. */
import { commonSettings, healthSettings } from '../common-settings.ts';
import { loadConfig } from '../load-config.ts';
import { runService } from '../run-service.ts';
import { setting } from '../setting.ts';
import { TypedWorker } from '../typed-worker.ts';

const settings = {
  ...commonSettings,
  ...healthSettings,
  fail: setting.choice('FAIL', 'What goes wrong.', ['nothing', 'start', 'worker', 'later'], {
    default: 'nothing',
  }),
};

await runService({
  name: 'example',
  config: () => loadConfig(settings, process.env),
  consumes: () => ['studies'],
  start: async ({ logger, redis, shutdown }, { fail }) => {
    if (fail === 'start') throw new Error('this part does not start');
    shutdown.add('part', () => logger.info('the part ended'));
    if (fail === 'later') setTimeout(() => Promise.reject(new Error('nobody caught this')), 50);
    const worker = new TypedWorker(
      'studies',
      async ({ jobId }) => {
        logger.info({ jobId }, 'working');
        await new Promise((resolve) => setTimeout(resolve, jobId === 'job-slow' ? 60_000 : 200));
        logger.info({ jobId }, 'worked');
      },
      { redis: redis.blocking, logger },
    );
    return { workers: fail === 'worker' ? [] : [worker] };
  },
});
