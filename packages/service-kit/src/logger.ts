/** Structured log lines on standard output: one JSON object each, with the ids that connect request and epoch. */
import { pino, stdTimeFunctions, type DestinationStream, type Logger as PinoLogger } from 'pino';

import { tracing } from './tracing.ts';

export type Logger = PinoLogger;

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What a line can be about. Child loggers carry it: `logger.child({ jobId, trial })`. */
export interface LogSubject {
  readonly jobId?: string;
  readonly trial?: number | 'final';
  readonly trainer?: string;
  readonly requestId?: string;
}

const STDOUT = 1;

export function createLogger(
  options: { service: string; level?: LogLevel },
  destination?: DestinationStream,
): Logger {
  const { service, level = 'info' } = options;
  const settings = {
    level,
    base: { service },
    mixin: () => {
      const traceId = tracing().traceId();
      return traceId === undefined ? {} : { traceId };
    },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    // Keys under which a careless line could show a secret.
    redact: { paths: ['password', 'secretKey', '*.password', '*.secretKey', 'authorization'], censor: '***' },
  };
  // Written at once: the last words of a service that ends are the ones that people need.
  return pino(settings, destination ?? pino.destination({ dest: STDOUT, sync: true }));
}

/** An address with its password hidden, for log lines. */
export function withoutPassword(url: string): string {
  return url.replace(/(\/\/[^:/@]*:)[^@]*@/, '$1***@');
}
