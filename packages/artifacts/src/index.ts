export type { ArtifactStore, ArtifactAbout } from './artifact-store.ts';
export { createArtifactStore, type ArtifactStoreConfig } from './create-artifact-store.ts';
export { checkKey } from './artifact-key.ts';
export { exportStudy } from './study-file/export-study.ts';
export { importStudy } from './study-file/import-study.ts';
export { prunableStudies, removeStudy, type Prunable } from './retention.ts';
export { artifactOperations, observedStore, type ObservedOperation } from './observed-store.ts';
