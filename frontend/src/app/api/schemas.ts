/** The schemas of what the gateway hands on from other processes. */
export { datasetListingSchema, jobLineSchema, parseOrThrow, trialMetricsSchema } from '@onegin/contracts';
