/** The public face of the explorer. Import it lazily: it brings Cytoscape along. */
export { ArchitectureExplorer } from './architecture-explorer.ts';
export { TrialArchitecture } from './trial-architecture.ts';
