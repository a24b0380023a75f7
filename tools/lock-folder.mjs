import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const isRunning = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/**
 * Runs work while no other process holds the lock, a folder with the holder's process id. The lock of a
 * process that is gone is taken over.
 */
export async function withLock(folder, log, work) {
  await mkdir(dirname(folder), { recursive: true });
  const holder = join(folder, 'pid');
  for (let said = false; ;) {
    try {
      await mkdir(folder);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const pid = Number(await readFile(holder, 'utf8').catch(() => ''));
    if (pid && !isRunning(pid)) {
      await rm(folder, { recursive: true, force: true });
      continue;
    }
    if (!said) log(`waiting for another process that does the same${pid ? ` (${pid})` : ''}`);
    said = true;
    await sleep(1000);
  }
  try {
    await writeFile(holder, String(process.pid));
    return await work();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
