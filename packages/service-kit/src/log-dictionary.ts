/**
 * What events of a log have in common, for their compression: an event is too short to be compressed by itself. The
 * most common at the end, where references to it are shortest. Written events were compressed with them, so each stays
 * as it is; a change is another one, under the next number.
 */

// What both versions have in common.
const PARAMETERS = [
  '"denseUnits":64,"activation":"relu","initializer":"heUniform","batchNorm":true,"dropout":0.2,"l2":0.0001,',
  '"optimizer":"adam","learningRate":0.001,"schedule":"cosine","batchSize":64,"lstmUnits":32,"embeddingSize":64},',
].join('');
const RESULT = [
  '"health":{"neuronUtilization":{"known":true,"value":0.9},"parameterEfficiency":{"known":true,"value":0.8},',
  '"trainingStability":{"known":true,"value":0.7},"gradientHealth":{"known":false,"value":null,"reason":"',
  '"convergenceQuality":{"known":true,"value":0.6},"accuracyConsistency":{"known":true,"value":0.5},"score":0.8,',
  '"overfittingGap":0.01,"calibrationError":0.02,"millisecondsPerSample":0.1},"parameterCount":12345,"epochs":30,',
  '"seconds":12.3},"artifacts":[{"kind":"metrics","key":"optimization_results/","bytes":1234,"sha256":"',
  '/metrics.json","contentType":"application/json"},{"kind":"architecture","key":"/architecture.json"},',
  '{"kind":"tensorboard","key":"/events.out.tfevents"},{"kind":"keras","key":"/model.keras","contentType":"application/zip"}]}',
].join('');
const SUMMARY = [
  '"validationLoss":0.1,"validationAccuracy":0.9,"learningRate":0.001,"seconds":1.2,"samplesPerSecond":1234,',
  '"layers":{"conv_1":[0.1,0.001,0,0],"conv_2":[null,null,0,0],"conv_3":[0.,"dense_1":[0.,"lstm_1":[0.,"embedding":[0.,',
  '"output":[0.01,0.0001,null,null]}},"checkpoint":{"kind":"checkpoint","key":"optimization_results/',
  'mnist-10k_health_20261123-174500_/trials/trial_1/attempt_1/checkpoints/epoch-0010-end.checkpoint",',
  '"bytes":123456,"sha256":"","contentType":"application/octet-stream"}}',
].join('');

const version1 = [
  '{"type":"PlotsReady","target":"study","run":1,"artifacts":[{"kind":"plot:history.svg","key":"optimization_results/',
  '/plots/trial_","contentType":"image/svg+xml"},{"kind":"plot:training-history.png","contentType":"image/png"}',
  '{"type":"PlotsQueued","target":1,"run":1}{"type":"PlotsProgressed","target":1,"run":1,"chart":"training-history","done":1,"total":7}',
  '{"type":"FinalModelProgressed","attempt":1,"summary":{"/optimized_model/attempt_1/',
  '{"type":"TrialQueued","params":{"convLayers":2,"filters":32,"kernelSize":3,"globalPooling":true,"denseLayers":1,',
  PARAMETERS,
  '"seed":4294967296,"resource":"cpu","untilEpoch":30,"source":"auto","number":1}',
  '{"type":"TrialStarted","number":1,"trainer":"trainer-1","attempt":1,"engine":"native","device":"cpu"}',
  '{"type":"TrialPaused","number":1,"attempt":1}{"type":"TrialPromoted","number":1,"untilEpoch":9}',
  '{"type":"TrialPruned","number":1,"reason":" at the rung of step 3 is place 2 of 3, where the best 1 go on"}',
  '{"type":"TrialCompleted","number":1,"attempt":1,"result":{"accuracy":0.9,"trainAccuracy":0.9,"loss":0.1,',
  RESULT,
  '{"type":"EpochEnded","number":1,"attempt":1,"summary":{"epoch":10,"trainLoss":0.1,"trainAccuracy":0.9,',
  SUMMARY,
].join('');

const version2 = [
  '{"version":2,"type":"PlotsReady","target":"study","run":1,"artifacts":[{"kind":"plot:history.svg","key":"optimization_results/',
  '/plots/trial_","contentType":"image/svg+xml"},{"kind":"plot:training-history.png","contentType":"image/png"}',
  '{"version":2,"type":"PlotsQueued","target":1,"run":1}{"version":2,"type":"PlotsProgressed","target":1,"run":1,"chart":"training-history","done":1,"total":7}',
  '{"version":2,"type":"EpochEnded","target":"final","attempt":1,"summary":{"/optimized_model/attempt_1/',
  '{"version":2,"type":"TrainingQueued","target":1,"params":{"convLayers":2,"filters":32,"kernelSize":3,"globalPooling":true,"denseLayers":1,',
  PARAMETERS,
  '"seed":4294967296,"resource":"cpu","untilEpoch":30,"source":"auto"}',
  '{"version":2,"type":"TrainingStarted","target":1,"trainer":"trainer-1","attempt":1,"engine":"native","device":"cpu"}',
  '{"version":2,"type":"TrainingPaused","target":1,"attempt":1}{"version":2,"type":"TrainingPromoted","target":1,"untilEpoch":9}',
  '{"version":2,"type":"TrainingPruned","target":1,"reason":" at the rung of step 3 is place 2 of 3, where the best 1 go on"}',
  '{"version":2,"type":"TrainingCompleted","target":1,"attempt":1,"result":{"accuracy":0.9,"trainAccuracy":0.9,"loss":0.1,',
  RESULT,
  '{"version":2,"type":"EpochEnded","target":1,"attempt":1,"summary":{"epoch":10,"trainLoss":0.1,"trainAccuracy":0.9,',
  SUMMARY,
].join('');

/** By the number of the format; see `log-format.ts`. */
export const LOG_DICTIONARIES = { 1: Buffer.from(version1), 2: Buffer.from(version2) } as const;
