/** Which log lines are shown. Pure. */
import { lineLevels, type JobLine, type LineLevel } from '@onegin/contracts';

export interface LineFilter {
  /** Lines of at least this level. */
  readonly level: LineLevel;
  /** A trial's number, `final`, or nothing for all lines. */
  readonly trial: string;
}

const rankOf = (level: string): number => lineLevels.findIndex((one) => one === level);

export const isLevel = (text: string): text is LineLevel => rankOf(text) >= 0;

/** The newest first. */
export function shownLines(lines: readonly JobLine[], { level, trial }: LineFilter): JobLine[] {
  const [least, wanted] = [rankOf(level), trial.trim().toLowerCase()];
  return lines
    .filter((line) => rankOf(line.level) >= least && (wanted === '' || String(line.trial) === wanted))
    .reverse();
}
