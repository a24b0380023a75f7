/** Runs the command that was typed. */
import { OneginError } from '@onegin/contracts';
import { CliError } from './cli-error.ts';
import type { CliContext } from './context.ts';
import { makeProgram } from './program.ts';

const interrupt = new AbortController();
const context: CliContext = {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  interrupted: interrupt.signal,
  exit: (status) => (process.exitCode = status),
};

// `up` has its own way of ending; the first Ctrl-C of all others ends what they wait for.
if (process.argv[2] !== 'up')
  process.on('SIGINT', () =>
    interrupt.signal.aborted ? process.exit(130) : interrupt.abort(new Error('interrupted')),
  );
// A reader that has seen enough (`onegin jobs | head`) closes the pipe.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await makeProgram(context).parseAsync();
} catch (error) {
  // What people can do something about is a sentence; a defect keeps its stack.
  if (!(error instanceof CliError || error instanceof OneginError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
