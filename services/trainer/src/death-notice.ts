/** In clear words, why a training process ended that should not have. */
import type { Failure } from '@onegin/contracts';

export interface ProcessExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** What TensorFlow says at every start, whatever its log level is. */
const CHATTER = /^(WARNING: All log messages before absl::InitializeLog|I\d{4} )/;

/** @param which the process, as the message calls it */
export function deathNotice({ code, signal }: ProcessExit, stderr: string, which: string): Failure {
  const how = signal
    ? `was ended by ${signal}${signal === 'SIGKILL' ? ', as the kernel does when memory runs out' : ''}`
    : `ended with code ${code}`;
  const said = stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !CHATTER.test(line))
    .slice(-3)
    .join(' ');
  return {
    code: ranOutOfMemory(signal, stderr) ? 'out-of-memory' : 'training-process-died',
    message: `${which} ${how}${said ? `: ${said}` : ''}`.slice(0, 2000),
  };
}

/** The kernel ends a process that exceeds its memory by SIGKILL, which nobody here sends without saying why. */
const ranOutOfMemory = (signal: NodeJS.Signals | null, stderr: string): boolean =>
  signal === 'SIGKILL' ||
  /heap out of memory|bad_alloc|OOM when allocating|Cannot allocate memory/i.test(stderr);
