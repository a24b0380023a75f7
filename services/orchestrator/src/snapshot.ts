/** When to write a snapshot of a state, so that readers start there instead of at the first event. */

/** Events that a reader may have to fold at least before a snapshot is worth its writing. */
const MIN_EVENTS = 500;
/** What is still open is written every time, and may be much, so the next one waits for the study to grow by this share. */
const GROWTH = 0.05;

/** @param seq of the state; @param snapshotSeq of the last snapshot */
export const snapshotDue = (seq: number, snapshotSeq: number): boolean =>
  seq - snapshotSeq > Math.max(MIN_EVENTS, GROWTH * seq);
