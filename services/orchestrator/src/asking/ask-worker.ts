/** A thread that proposes trials, so that fitting a model holds up neither other studies nor queues. */
import { parentPort } from 'node:worker_threads';
import type { FromThread, ToThread } from './ask-messages.ts';
import { Proposals } from './proposals.ts';

const sessions = new Map<number, Proposals>();

parentPort?.on('message', (message: ToThread) => {
  if (message.type === 'open') sessions.set(message.session, new Proposals(message.config));
  else if (message.type === 'close') sessions.delete(message.session);
  else parentPort?.postMessage(answer(message));
});

function answer({
  id,
  session,
  numbers,

  count,
  changes,
}: Extract<ToThread, { type: 'ask' }>): FromThread {
  try {
    const proposals = sessions.get(session);
    if (!proposals) return { id, failed: `there is no session ${session}` };
    proposals.update(changes, count);
    return { id, events: proposals.next(numbers) };
  } catch (error) {
    return { id, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
