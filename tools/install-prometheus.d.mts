/** Types of the module beside it, for the tests; the module itself runs before anything is installed. */
export interface PrometheusPrograms {
  prometheus: string;
  promtool: string;
  /** Where it comes from, for people. */
  detail: string;
}

/** Undefined where there is none. */
export function findPrometheus(): PrometheusPrograms | undefined;
