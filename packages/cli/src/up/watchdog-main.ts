/** The watchdog's own process, see watchdog.ts. Its standard input ends when the supervisor does. */
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { groupLives, killGroup } from './process-group.ts';
import type { WatchdogMessage } from './watchdog.ts';

interface Watched {
  pid: number;
  name: string;
  rank: number;
  graceMs: number;
}

const POLL_MS = 50;
const watched = new Map<number, Watched>();
let done = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as WatchdogMessage;
  if ('started' in message) watched.set(message.started, { pid: message.started, ...message });
  else if ('ended' in message) watched.delete(message.ended);
  else done = true;
}

if (!done) {
  const ranks = [...new Set([...watched.values()].map(({ rank }) => rank))].sort((a, b) => a - b);
  for (const rank of ranks)
    await Promise.all([...watched.values()].filter((one) => one.rank === rank).map(end));
}
const [lockFile] = process.argv.slice(2);
if (lockFile) await rm(lockFile, { force: true });

async function end({ pid, graceMs }: Watched): Promise<void> {
  killGroup(pid, 'SIGTERM', { leaderOnly: true });
  const deadline = Date.now() + graceMs;
  while (groupLives(pid) && Date.now() < deadline) await sleep(POLL_MS);
  killGroup(pid, 'SIGKILL');
}
