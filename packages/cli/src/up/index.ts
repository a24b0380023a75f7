export { startStack, type Stack, type StackOptions } from './start-stack.ts';
export { runUp } from './run-up.ts';
export { addUpFlags, DEFAULT_PORT, upEnvironment, type UpEnvironment, type UpFlags } from './config.ts';
export { linePrinter, type LogLine } from './log-lines.ts';
