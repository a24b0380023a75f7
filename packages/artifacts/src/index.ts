export type { ArtifactStore, ArtifactAbout } from './artifact-store.ts';
export { createArtifactStore, type ArtifactStoreConfig } from './create-artifact-store.ts';
export { checkKey } from './artifact-key.ts';
export { artifactOperations, observedStore, type ObservedOperation } from './observed-store.ts';
export { exportStudy } from './study-file/export-study.ts';
export { importStudy } from './study-file/import-study.ts';
