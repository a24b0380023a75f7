/** `onegin up`: starts the stack, says where it is, and stops it when asked to. */
import { spawn } from 'node:child_process';
import { OneginError } from '@onegin/contracts';
import { linePrinter } from './log-lines.ts';
import { startStack, type Stack } from './start-stack.ts';
import type { UpEnvironment, UpFlags } from './config.ts';

/** npm and the terminal both pass a Ctrl-C on; what comes within this time is the same one. */
const SAME_SIGNAL_MS = 1500;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs until a signal, or until the process that started this one is gone.
 * @returns the exit status
 */
export async function runUp(flags: UpFlags, environment: UpEnvironment): Promise<number> {
  const print = linePrinter((text) => void process.stdout.write(text));
  const say = (line: string): void => print('onegin', line);
  const startedAt = performance.now();
  const asked = askedToStop(say);
  let stack: Stack;
  try {
    stack = await startStack({
      ...environment,
      port: flags.port,
      dataDir: flags.data,
      trainers: flags.trainers,
      log: print,
      signal: asked.signal,
    });
  } catch (error) {
    if (asked.signal.aborted) return 0;
    if (!(error instanceof OneginError)) throw error;
    say(`cannot start: ${error.message}`);
    return 1;
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  say(`ready at ${stack.address} (${seconds} s; data in ${stack.dataDir}). Ctrl-C stops it.`);
  if (stack.adminKeyFile !== null)
    say(`keys are required: the first is in ${stack.adminKeyFile}; \`onegin keys create\` makes others`);
  if (flags.open && environment.hasDisplay && process.stdout.isTTY) openBrowser(stack.address);
  await asked.once;
  say('stopping');
  void asked.twice.then(() => stack.kill());
  await stack.stop();
  say('stopped');
  return 0;
}

/** `signal` is aborted and `once` resolves with the first wish to stop; `twice` with an impatient second one. */
function askedToStop(say: (line: string) => void): {
  signal: AbortSignal;
  once: Promise<undefined>;
  twice: Promise<undefined>;
} {
  const first = new AbortController();
  const second = Promise.withResolvers<undefined>();
  const once = Promise.withResolvers<undefined>();
  let firstAt = 0;
  const ask = (): void => {
    if (!first.signal.aborted) {
      firstAt = Date.now();
      first.abort(new Error('asked to stop'));
      once.resolve(undefined);
    } else if (Date.now() - firstAt > SAME_SIGNAL_MS) {
      say('asked again: everything is ended at once');
      second.resolve(undefined);
    }
  };
  for (const signal of SIGNALS) process.on(signal, ask);
  // `npm start` starts this process with a channel; its end means that nobody waits for us any more.
  process.once('disconnect', ask);
  process.channel?.unref();
  return { signal: first.signal, once: once.promise, twice: second.promise };
}

function openBrowser(address: string): void {
  const command = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(command, [address], { stdio: 'ignore', detached: true });
  // A machine without a browser is no reason to say anything: the address is printed.
  child.on('error', () => undefined);
  child.unref();
}
