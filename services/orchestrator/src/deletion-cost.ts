/**
 * Tells Kubernetes which trainers are busy, by the annotation that ReplicaSets read when they remove pods: the
 * cheapest go first. Only changes are written, since every write goes to the API server. Best effort: a busy trainer
 * that is removed nevertheless drains (TRAINER_DRAIN).
 */
import type { TrainerHeartbeat } from '@onegin/contracts';
import type { Logger } from '@onegin/service-kit';
import type { Annotate } from './kubernetes-pods.ts';

export const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
const BUSY = '1000';
const IDLE = '0';

export class DeletionCost {
  readonly #annotate: Annotate;
  readonly #logger: Logger;
  /** What was written, by trainer; its id is the name of its pod. */
  readonly #written = new Map<string, string>();

  constructor(annotate: Annotate, logger: Logger) {
    this.#annotate = annotate;
    this.#logger = logger;
  }

  async follow(trainers: readonly TrainerHeartbeat[]): Promise<void> {
    for (const id of [...this.#written.keys()])
      if (!trainers.some((trainer) => trainer.id === id)) this.#written.delete(id);
    for (const { id, current } of trainers) {
      const cost = current.length > 0 ? BUSY : IDLE;
      if (this.#written.get(id) === cost) continue;
      try {
        await this.#annotate(id, { [DELETION_COST]: cost });
        this.#written.set(id, cost);
      } catch (error) {
        this.#logger.warn({ err: error, trainer: id }, 'its pod could not be marked; it is tried again');
      }
    }
  }
}
