/** A thread that proposes trials, so that fitting a model holds up neither other studies nor queues. */
import { serveParent } from '@onegin/service-kit/channel';
import { Proposals } from './proposals.ts';
import type { SamplerMethods } from './sampler-methods.ts';

const sessions = new Map<number, Proposals>();

serveParent<SamplerMethods>({
  propose: ({ session, config, numbers, count, changes }) => {
    if (config) sessions.set(session, new Proposals(config));
    const proposals = sessions.get(session);
    if (!proposals) throw new Error(`there is no session ${session}`);
    proposals.update(changes, count);
    return proposals.next(numbers);
  },
  close: (session) => void sessions.delete(session),
});
