export type { RequestLimits } from './channel.ts';
export type { ResultOf } from './contract.ts';
export { Peer } from './peer.ts';
export { needsReplacement, PeerOnDemand } from './peer-on-demand.ts';
export { serveParent } from './serve-parent.ts';
export { startProcess, startThread, type Death } from './transport.ts';
