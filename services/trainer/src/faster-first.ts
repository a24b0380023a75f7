/**
 * Trials go to fast trainers first: a trainer that takes one while a clearly faster one stands idle passes it on,
 * once, and stays away for a moment in which the other takes it. Where there is enough work for all, nobody passes
 * anything on.
 */
import type { TrainerHeartbeat } from '@onegin/contracts';

/** Networks differ in size, and with them the speeds that are compared. */
const CLEARLY_FASTER = 1.5;
const REMEMBERED = 100;

export type TrainerSpeed = Pick<
  TrainerHeartbeat,
  'id' | 'resource' | 'status' | 'slots' | 'current' | 'waitingFor' | 'speed'
>;

/** @param waiting trials that wait beside the one in hand: so many idle trainers have work already */
export function fasterIsIdle(
  own: Pick<TrainerSpeed, 'id' | 'resource' | 'speed'>,
  trainers: readonly TrainerSpeed[],
  waiting: number,
): boolean {
  const { speed } = own;
  if (!speed) return false;
  const faster = trainers.filter(
    (other) =>
      other.id !== own.id &&
      other.resource === own.resource &&
      other.status === 'ready' &&
      other.waitingFor === undefined &&
      other.current.length < other.slots &&
      (other.speed ?? 0) >= CLEARLY_FASTER * speed,
  );
  return faster.length > waiting;
}

/** What a trainer has passed on: what comes back nobody else wanted, and is trained. */
export class PassedOn {
  readonly #ids = new Set<string>();

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    this.#ids.add(id);
    const [oldest] = this.#ids;
    if (this.#ids.size > REMEMBERED && oldest !== undefined) this.#ids.delete(oldest);
  }
}
