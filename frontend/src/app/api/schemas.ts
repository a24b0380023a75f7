/** The schemas of what the gateway hands on from other processes. */
export {
  datasetListingSchema,
  jobLineSchema,
  searchSpaceSchema,
  trainerHeartbeatSchema,
  trialMetricsSchema,
} from '@onegin/contracts';
