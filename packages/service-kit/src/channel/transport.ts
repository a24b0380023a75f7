/** The two places where a peer can run: a process of its own, or a thread of this one. */
import { fork } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import type { Message } from './contract.ts';

/** How a peer ended. */
export interface Death {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last it wrote to its standard error, or the error that ended the thread. */
  readonly lastWords: string;
}

export interface Transport {
  readonly pid: number | undefined;
  /** @throws Error for what cannot be cloned; to a peer that has ended nothing is sent */
  post(message: Message): void;
  kill(): unknown;
  listen(onMessage: (message: unknown) => void, onEnd: (death: Death) => void): void;
}

const STDERR_KEPT = 4000;

/** @param module runs `serveParent` */
export function startProcess(module: URL): Transport {
  const child = fork(module, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let lastWords = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString()).slice(-STDERR_KEPT);
  });
  return {
    pid: child.pid,
    post: (message) => {
      // That the message does not get through shows as the end of the process.
      if (child.connected) child.send(message, () => undefined);
    },
    kill: () => child.kill('SIGKILL'),
    listen: (onMessage, onEnd) => {
      child.on('message', onMessage);
      // A process that cannot be started emits no exit.
      child.on('error', ({ message }) => onEnd({ code: null, signal: null, lastWords: message }));
      child.on('exit', (code, signal) => onEnd({ code, signal, lastWords }));
    },
  };
}

/** @param module runs `serveParent` */
export function startThread(module: URL): Transport {
  const worker = new Worker(module);
  // Its owner decides when the program ends.
  worker.unref();
  let lastWords = '';
  return {
    pid: undefined,
    post: (message) => worker.postMessage(message),
    kill: () => worker.terminate(),
    listen: (onMessage, onEnd) => {
      worker.on('message', onMessage);
      worker.on('error', (error: Error) => (lastWords = error.message));
      worker.on('exit', (code) => onEnd({ code, signal: null, lastWords }));
    },
  };
}
