/** Wakes studies at a time. Where an alarm dies with its process, reconciling makes up for it. */
const LONGEST_MS = 2 ** 31 - 1;

export class Alarms {
  readonly #ring: (jobId: string) => void;
  readonly #set = new Map<string, { at: number; timer: NodeJS.Timeout }>();

  constructor(ring: (jobId: string) => void) {
    this.#ring = ring;
  }

  /** One per study: the earlier one counts. @param at ms since 1970 */
  wakeAt(jobId: string, at: number): void {
    const earlier = this.#set.get(jobId);
    if (earlier && earlier.at <= at && earlier.at > Date.now()) return;
    clearTimeout(earlier?.timer);
    const wait = Math.min(Math.max(0, at - Date.now()), LONGEST_MS);
    const timer = setTimeout(() => {
      this.#set.delete(jobId);
      this.#ring(jobId);
    }, wait);
    this.#set.set(jobId, { at, timer });
  }

  close(): void {
    for (const { timer } of this.#set.values()) clearTimeout(timer);
    this.#set.clear();
  }
}
