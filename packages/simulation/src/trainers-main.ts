/** A process of simulated trainers; see simulated-trainers.ts. On SIGTERM all release what they train, then it exits. */
import { createLogger } from '@onegin/service-kit';
import { drawnEpochMs } from './learning-curves.ts';
import { connectTrainers, startSimulatedTrainer } from './simulated-trainer.ts';
import type { TrainersOrder } from './simulated-trainers.ts';

const order = JSON.parse(process.argv[2] ?? '{}') as TrainersOrder;
const { redisUrl, trainers, epochMs = 0, drawn = false, lockMs = 30_000 } = order;
const logger = createLogger({ service: 'simulated-trainers', level: 'warn' });
const shared = connectTrainers(redisUrl, logger, `simulated-${process.pid}`);
const options = {
  redisUrl,
  logger,
  shared,
  lockMs,
  epochMs: drawn ? drawnEpochMs(epochMs) : epochMs,
  ...(order.resource && { resource: order.resource }),
  fullSize: order.fullSize ?? false,
};
const started = await Promise.all(Array.from({ length: trainers }, () => startSimulatedTrainer(options)));

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.((user + system) / 1e6);
});
process.once('SIGTERM', () => {
  void Promise.all(started.map((trainer) => trainer.drain())).then(() => process.exit(0));
});
process.send?.('ready');
