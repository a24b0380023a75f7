/**
 * GET /scale: the demand as JSON, in the form that KEDA's metrics-api scaler and people read.
 *
 *   /scale           {"cpu":{"demand":5},"gpu":{"demand":0},"plots":{"demand":1}}
 *   /scale?above=4   the same less 4, at least 0: for the pool that takes what an earlier pool of 4 cannot
 */
import { OneginError } from '@onegin/contracts';
import type { Answer } from '@onegin/service-kit';
import type { TrainingDemand } from './training-demand.ts';

export async function scalePage(
  query: URLSearchParams,
  read: () => Promise<TrainingDemand>,
): Promise<Answer> {
  const text = query.get('above') ?? '0';
  if (!/^\d{1,6}$/.test(text))
    return answer(400, { problem: `above: expected a whole number, found ${text}` });
  try {
    const demand = await read();
    const beyond = (all: number) => ({ demand: Math.max(0, all - Number(text)) });
    return answer(200, { cpu: beyond(demand.cpu), gpu: beyond(demand.gpu), plots: beyond(demand.plots) });
  } catch (error) {
    if (!(error instanceof OneginError)) throw error;
    // Not zero: an autoscaler would remove trainers that are busy.
    return answer(503, { problem: error.message });
  }
}

const answer = (status: number, value: unknown): Answer => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify(value),
});
