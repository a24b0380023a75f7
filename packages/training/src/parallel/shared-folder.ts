/**
 * Where the processes of a group meet: a folder in shared memory (/dev/shm; elsewhere the temporary folder) with a
 * file of numbers per process, and a named pipe each way between process 0 and every other.
 *
 * Numbers travel through the files, which are memory pages of the kernel; pipes carry turns and decisions. A read from
 * a pipe sleeps until there is something, and ends when the other side is gone: no process waits for a dead one.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SHARED_MEMORY = '/dev/shm';

/** A process's place in a group; plain data that travels to it. */
export interface GroupPlace {
  folder: string;
  rank: number;
  size: number;
}

/** Makes the folder of a group; its maker removes it when the training has ended. */
export function createGroupFolder(size: number): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(existsSync(SHARED_MEMORY) ? SHARED_MEMORY : tmpdir(), 'onegin-group-'));
  const ranks = Array.from({ length: size }, (_, rank) => rank);
  for (const rank of ranks) for (const turn of [0, 1]) writeFileSync(numbersPath(folder, rank, turn), '');
  execFileSync(
    'mkfifo',
    ranks.slice(1).flatMap((rank) => [upPath(folder, rank), downPath(folder, rank)]),
  );
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Numbers of one process. Two files take turns: a process may write the next sum while others still read the last. */
export const numbersPath = (folder: string, rank: number, turn: number): string =>
  join(folder, `numbers-${rank}-${turn}`);
/** From a process to process 0, and back. */
export const upPath = (folder: string, rank: number): string => join(folder, `up-${rank}`);
export const downPath = (folder: string, rank: number): string => join(folder, `down-${rank}`);
