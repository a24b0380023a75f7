#!/usr/bin/env node
// `npm start`: makes the clone ready, then runs everything under the pinned Node until Ctrl-C. Flags go to
// the program, for example: npm start -- --port 8080 --data /var/lib/onegin --trainers 4 --no-open
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { projectRoot } from './project-root.mjs';
import { main } from './set-up/step.mjs';
import { withPinnedNode } from './set-up/npm-packages.mjs';
import { setUp } from './setup.mjs';

const ORPHAN_CHECK_MS = 500;

/** npm passes a signal to the shell between us, which ends without passing it on. */
function whenOrphaned(react) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    react();
  }, ORPHAN_CHECK_MS);
  timer.unref();
}

await main(async () => {
  const { node } = await setUp({ withRedis: !process.env.REDIS_URL });
  const program = join(projectRoot, 'packages', 'cli', 'bin', 'onegin.js');
  const child = spawn(node, [program, 'up', ...process.argv.slice(2)], {
    env: withPinnedNode(projectRoot),
    // The channel tells the program when this process is gone, however it ended.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event) whenOrphaned(() => child.kill('SIGTERM'));
  process.exitCode = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
});
