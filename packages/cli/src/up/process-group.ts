/** Signals a process group by its leader's id; one that is gone needs no signal. */
export function killGroup(
  pid: number,
  signal: NodeJS.Signals,
  { leaderOnly = false }: { leaderOnly?: boolean } = {},
): void {
  try {
    process.kill(leaderOnly ? pid : -pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // On macOS a group whose members are all zombies answers EPERM.
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

/** Whether a process of the group is left. */
export function groupLives(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' && process.platform !== 'darwin';
  }
}

/** Whether a process of this id runs. */
export function processLives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
