export { createStopRule } from './create-stop-rule.ts';
export type { StopRule, StopRuleConfig, StopVerdict, StudySoFar } from './stop-rule.ts';
