#!/usr/bin/env bash
# BullMQ 6.7.0 with ioredis 6.0.0 on Redis 7: a job that is being worked on, while Redis is out of memory for a moment.
#
# Expected: the worker keeps its job, since it is alive and its event loop is free; Redis that is out of memory refuses
# only commands that may need more of it, and a lock that is prolonged needs none.
# Found: the worker prolongs its lock with SET, which such a Redis refuses (PEXPIRE on the same key works). The lock runs
# out, and as soon as Redis has memory again a second worker is given the job that the first still works on. Both finish
# it: it ran twice. BullMQ's rule `noeviction` does not help, it is what makes Redis refuse.
#
# Needs node, npm and redis-server. Fails when the behaviour changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund bullmq@6.7.0 ioredis@6.0.0
cat > run.mjs <<'JS'
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';

const port = await new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
const server = spawn(
  'redis-server',
  ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--maxmemory-policy', 'noeviction'],
  { stdio: 'ignore' },
);
const connection = { port, host: '127.0.0.1', maxRetriesPerRequest: null };
const admin = new Redis(connection);
admin.on('error', () => undefined);
while ((await admin.ping().catch(() => '')) !== 'PONG') await delay(50);

const queue = new Queue('trainings', { connection });
await queue.add('train', {}, { jobId: 'one-training' });

let runs = 0;
let refused = '';
const ended = Promise.withResolvers();
const settings = { connection, lockDuration: 1000, stalledInterval: 500, maxStalledCount: 5 };
const work = async () => {
  if (++runs === 2) ended.resolve('twice');
  await delay(6000);
};
const workers = [1, 2].map(() => {
  const worker = new Worker('trainings', work, settings);
  worker.on('error', (error) => (refused ||= /OOM/.test(error.message) ? 'OOM' : ''));
  return worker;
});
while (runs === 0) await delay(20);

const lock = queue.toKey('one-training:lock');
await admin.config('SET', 'maxmemory', '1');
const prolonged = await admin.pexpire(lock, 1000);
while ((await admin.exists(lock)) === 1) await delay(20);
await admin.config('SET', 'maxmemory', '0');
const ran = await Promise.race([ended.promise, delay(5500, 'once')]);
console.log(`renewal refused with: ${refused}; PEXPIRE on the lock: ${prolonged}; the job ran: ${ran}`);

await Promise.all(workers.map((worker) => worker.close(true)));
await queue.close();
admin.disconnect();
server.kill();
process.exit(refused === 'OOM' && prolonged === 1 && ran === 'twice' ? 0 : 1);
JS
node run.mjs
# Seen: renewal refused with: OOM; PEXPIRE on the lock: 1; the job ran: twice
