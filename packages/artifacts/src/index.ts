export type { ArtifactStore, ArtifactAbout } from './artifact-store.ts';
export { createArtifactStore, type ArtifactStoreConfig } from './create-artifact-store.ts';
export { checkKey } from './artifact-key.ts';
export { artifactOperations, observedStore, type ObservedOperation } from './observed-store.ts';
