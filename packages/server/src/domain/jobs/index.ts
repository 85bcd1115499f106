import { advanceJobCommand, cancelJob, claimJob, clearJobs, endJob, renewJob } from './commands.ts';
import { dueJobs, findJob, findJobFile, jobsWithFiles } from './queries.ts';

export type { ClaimedJob } from './commands.ts';
export { FILE_KEPT_MS } from './commands.ts';
export type { JobFile } from './queries.ts';

export const jobCommands = {
  claimJob,
  renewJob,
  advanceJob: advanceJobCommand,
  endJob,
  cancelJob,
  clearJobs,
} as const;

export const jobQueries = { dueJobs, findJob, findJobFile, jobsWithFiles } as const;
