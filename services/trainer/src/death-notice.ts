/** In clear words, why a training process ended that should not have. */
import type { Failure } from '@onegin/contracts';
import type { Death } from '@onegin/service-kit/channel';

export interface TrainingDeath extends Death {
  /** Whether the kernel has counted an end for lack of memory since the training began; null where it doesn't say. */
  oomKilled: boolean | null;
}

/** Status of a process that SIGKILL ended, as a shell around it reports it. */
const KILLED_IN_A_SHELL = 137;
/** What TensorFlow says at every start, whatever its log level is. */
const CHATTER = /^(WARNING: All log messages before absl::InitializeLog|I\d{4} )/;

/** @param which the process, as the message calls it */
export function deathNotice(death: TrainingDeath, which: string): Failure {
  const { code, signal, lastWords } = death;
  const outOfMemory = ranOutOfMemory(death);
  const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
  const why = outOfMemory ? ' for lack of memory' : '';
  const said = lastWords
    .split('\n')
    .filter((line) => line.trim() !== '' && !CHATTER.test(line))
    .slice(-3)
    .join(' ');
  return {
    code: outOfMemory ? 'out-of-memory' : 'training-process-died',
    message: `${which} ${how}${why}${said ? `: ${said}` : ''}`.slice(0, 2000),
  };
}

/**
 * The process says so itself, or the kernel has counted it. Where the kernel doesn't say, a SIGKILL that nobody
 * here sent is taken for it.
 */
function ranOutOfMemory({ code, signal, lastWords, oomKilled }: TrainingDeath): boolean {
  if (/heap out of memory|bad_alloc|OOM when allocating|Cannot allocate memory/i.test(lastWords)) return true;
  const killed = signal === 'SIGKILL' || code === KILLED_IN_A_SHELL;
  return killed && (oomKilled ?? true);
}
