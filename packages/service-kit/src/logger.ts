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

const SECRET_FIELDS = [
  'password',
  'secretKey',
  'authorization',
  'cookie',
  'set-cookie',
  'adminKey',
  'secret',
];
const REDACTED = SECRET_FIELDS.flatMap((field) => {
  const name = field.includes('-') ? `["${field}"]` : field;
  return [name, ...['*', '*.*'].map((above) => (name === field ? `${above}.${name}` : `${above}${name}`))];
});

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
    redact: { paths: REDACTED, censor: '***' },
    // Whatever the field: a key in an address, a password in the message of somebody's error.
    hooks: { streamWrite: withoutSecrets },
  };
  // Written at once: the last words of a service that ends are the ones that people need.
  return pino(settings, destination ?? pino.destination({ dest: STDOUT, sync: true }));
}

/** An address with its password hidden, for log lines. */
export function withoutPassword(url: string): string {
  return url.replace(/(\/\/[^:/@]*:)[^@]*@/, '$1***@');
}

/** A line without the secrets of API keys and without passwords in addresses. */
export const withoutSecrets = (line: string): string =>
  line
    .replaceAll(/(onegin_[a-z0-9]{8,24}_)[A-Za-z0-9_-]{20,}/g, '$1***')
    .replaceAll(/(:\/\/[^:/@\s"]{0,200}:)[^@/\s"]{1,500}@/g, '$1***@');
