import type { Resource } from '@onegin/contracts';

/** Names of keys and channels in Redis. The braces keep a study's keys on one node of a Redis Cluster. */
export const redisKeys = {
  /** Stream: the study log; entry ids are `{seq}-0`. */
  log: (jobId: string) => `onegin:{${jobId}}:log`,
  /** Stream: what services wrote about the job, for people; each entry has a `line`. */
  lines: (jobId: string) => `onegin:{${jobId}}:lines`,
  /** Hash: what the transition check needs. */
  trials: (jobId: string) => `onegin:{${jobId}}:trials`,
  /** Hash: a folded state in blocks, so that a restart reads only the tail of the log. */
  snapshot: (jobId: string) => `onegin:{${jobId}}:blocks`,
  /** Hash: a training, or `plots` → the last order to its trainer, or to the plotter. */
  control: (jobId: string) => `onegin:{${jobId}}:control`,
  /** Sorted set: job ids by the time they were requested. */
  jobs: 'onegin:jobs',
  /** Hash: job id → how much it could train at once; open jobs only. */
  demand: 'onegin:demand',
  /** String with expiry: one trainer's heartbeat. */
  trainer: (id: string) => `onegin:trainer:${id}`,
  /** Sorted set: trainer ids by the time of their last heartbeat. */
  trainers: 'onegin:trainers',
  /** String with expiry: which version one service is of. */
  fleetMember: (id: string) => `onegin:fleet:${id}`,
  /** Sorted set: ids of the services that run, by the time when they last said so. */
  fleet: 'onegin:fleet',
  /** String with expiry: the orchestrator whose machine trains because no trainer is there. */
  localFallback: (resource: Resource) => `onegin:local-fallback:${resource}`,
  // No job's id is as short as `keys`, so these cannot collide.
  /** Hash: id of an API key → what it is, with its secret's digest. */
  apiKeys: 'onegin:{keys}:records',
  /** Hash: id of an API key → when it was revoked. */
  revokedKeys: 'onegin:{keys}:revoked',
  /** Hash: id of an API key → when it was used last, to the minute. */
  usedKeys: 'onegin:{keys}:used',
  /** Set: ids of the jobs that anyone may see. */
  publicJobs: 'onegin:{keys}:public',
  /** String with expiry: a session of the web UI, by its token's digest. */
  session: (digest: string) => `onegin:{keys}:session:${digest}`,
  /** Counters of the rate limits begin like this. */
  limits: 'onegin:limit',
} as const;

export const redisChannels = {
  /** The sequence number of the log's last event. */
  changed: (jobId: string) => `onegin:{${jobId}}:changed`,
  /** A control message, as it stands in the control hash too. */
  control: (jobId: string) => `onegin:{${jobId}}:control`,
  /** Batch progress. */
  progress: (jobId: string) => `onegin:{${jobId}}:progress`,
  /** A key was revoked, a session or a public job's openness ended: every client's access is checked again. */
  accessChanged: 'onegin:access-changed',
} as const;

/** Prefix of every key of a queue; the braces keep a queue's keys on one node of a Redis Cluster. */
export const QUEUE_PREFIX = '{onegin}';
