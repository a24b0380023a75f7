import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs a test in the folder of a real disk that holds only so much. Mounting one needs root; without it the
 * test is left out, and that is said.
 */
export async function onSmallDisk(
  megabytes: number,
  test: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'onegin-small-disk-'));
  try {
    const args = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'onegin-test', directory];
    execFileSync('mount', args, { stdio: 'pipe' });
  } catch (error) {
    console.error(`SKIPPED: no small disk can be mounted here (${(error as Error).message.trim()})`);
    await rm(directory, { recursive: true, force: true });
    return;
  }
  try {
    await test(directory);
  } finally {
    execFileSync('umount', [directory]);
    await rm(directory, { recursive: true, force: true });
  }
}
