/** Every service refuses wrong settings in the same way: one status, and all of them named at once. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../tools/project-root.mjs';

const wrong = {
  gateway: { PORT: '70000', ALLOWED_ORIGINS: 'https://a.example/path', ONEGIN_ADMIN_KEY: 'short' },
  orchestrator: { HEALTH_PORT: '70000' },
  trainer: { HEALTH_PORT: '70000', TRAINER_ENTRIES: 'many' },
  plotter: { HEALTH_PORT: '70000' },
};

test.each(Object.entries(wrong))('%s', (service, own) => {
  const settings = { REDIS_URL: 'here', LOG_LEVEL: 'loud', ...own };
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(projectRoot, `services/${service}/src/main.ts`)],
    { env: { PATH: process.env['PATH'], ...settings }, encoding: 'utf8' },
  );
  const [opening, ...lines] = stderr.trim().split('\n');
  expect([status, stdout]).toEqual([78, '']);
  expect(opening).toBe(`${service} cannot start: the environment is not valid:`);
  expect(lines.map((line) => /^ {2}(\w+): expected .+, found .+$/.exec(line)?.[1]).sort()).toEqual(
    Object.keys(settings).sort(),
  );
});
