export { startMinio, type TestS3Server } from './minio-server.ts';
export { artifactStoreContract } from './artifact-store-contract.ts';
export { onSmallDisk } from './small-disk.ts';
