/** The side of the process or thread that was started to answer. */
import { parentPort } from 'node:worker_threads';
import { Channel } from './channel.ts';
import type { Handlers, Message } from './contract.ts';

/**
 * Answers the parent's requests as long as it lives.
 * @returns the way to ask the parent
 */
export function serveParent<Ours, Theirs = object>(handlers: Handlers<Ours>): Channel<Theirs, Ours> {
  const channel = new Channel<Theirs, Ours>(post, { name: 'the parent', code: 'internal' });
  channel.handle(handlers);
  if (parentPort) parentPort.on('message', (message) => channel.receive(message));
  else {
    process.on('message', (message) => channel.receive(message));
    // Ctrl-C reaches the whole process group; the parent decides when this process ends.
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => undefined);
    process.on('disconnect', () => process.exit(0));
  }
  return channel;
}

function post(message: Message): void {
  if (parentPort) parentPort.postMessage(message);
  else if (process.connected) process.send!(message, () => undefined);
}
