/** Networks as data only: this entry of the package loads no engine, so a server that trains nothing can use it. */
export { planForData } from './plan.ts';
export { architectureOf, type ArchitectureScores } from './architecture-data.ts';
