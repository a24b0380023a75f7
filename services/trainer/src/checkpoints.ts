/**
 * Checkpoints of one attempt in the artifact store: one per epoch, of which the last two are kept, since the log may
 * still name the one before the newest.
 */
import type { ArtifactStore } from '@onegin/artifacts';
import { isTrainingEvent, trainingKey, type ArtifactRef, type TrainingTarget } from '@onegin/contracts';
import type { StudyLog } from '@onegin/service-kit';

const CONTENT_TYPE = 'application/octet-stream';

export class Checkpoints {
  readonly #store: ArtifactStore;
  readonly #keyOf: (file: string) => string;
  #stored: string[] = [];

  constructor(store: ArtifactStore, where: { runName: string; target: TrainingTarget; attempt: number }) {
    this.#store = store;
    this.#keyOf = (file) => trainingKey(where.runName, where.target, where.attempt, `checkpoints/${file}`);
  }

  /** @param part `within`: the training was interrupted inside the epoch */
  async put(epoch: number, checkpoint: Uint8Array, part: 'end' | 'within' = 'end'): Promise<ArtifactRef> {
    const key = this.#keyOf(`epoch-${String(epoch).padStart(4, '0')}-${part}.checkpoint`);
    const ref = await this.#store.put(key, checkpoint, { kind: 'checkpoint', contentType: CONTENT_TYPE });
    this.#stored.push(key);
    while (this.#stored.length > 2) await this.#store.removePrefix(this.#stored.shift()!);
    return ref;
  }

  /** After an outcome nothing is resumed. */
  async clear(): Promise<void> {
    this.#stored = [];
    await this.#store.removePrefix(this.#keyOf(''));
  }
}

const PAGE = 500;

/**
 * The newest checkpoint that the log names for a training, read from its end backwards: only a trainer that takes
 * over after another one died or released the training needs it.
 */
export async function lastCheckpoint(
  log: StudyLog,
  jobId: string,
  target: TrainingTarget,
): Promise<ArtifactRef | null> {
  for (let end = await log.lastSeq(jobId); end > 0; end -= PAGE) {
    const start = Math.max(0, end - PAGE);
    const events = await log.read(jobId, start, end - start);
    const found = events.findLast(
      (event) =>
        isTrainingEvent(event) &&
        event.target === target &&
        (event.type === 'TrainingQueued' || ('checkpoint' in event && event.checkpoint !== undefined)),
    );
    if (found) return 'checkpoint' in found ? (found.checkpoint ?? null) : null;
  }
  return null;
}
