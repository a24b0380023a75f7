/** Which jobs are listed; all of it stands in the address. Pure. */
import { jobStatuses, type JobStatus, type JobSummary } from '@onegin/contracts';

export const isJobStatus = (value: unknown): value is JobStatus =>
  jobStatuses.some((status) => status === value);

export function listedJobs(
  jobs: readonly JobSummary[],
  { text, status }: { text: string; status: JobStatus | null },
): readonly JobSummary[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return jobs.filter((job) => {
    if (status !== null && job.status !== status) return false;
    const said = [job.name, job.runName, job.dataset, job.mode, job.status, job.jobId]
      .join(' ')
      .toLowerCase();
    return words.every((word) => said.includes(word));
  });
}

/** Done trials as a share; the whole of it once the job has ended. */
export const doneTrials = ({ progress }: JobSummary): number =>
  progress.completedTrials + progress.prunedTrials + progress.failedTrials;
