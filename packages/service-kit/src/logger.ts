/** Structured log lines on standard output: one JSON object each, with the ids that connect request and epoch. */
import { pino, stdTimeFunctions, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { withoutKnownSecrets } from './known-secrets.ts';
import { tracing } from './tracing.ts';

export type Logger = PinoLogger;

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

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

export interface LoggerOptions {
  readonly service: string;
  readonly level?: LogLevel;
  /** Gets every line too, as it is written. */
  readonly also?: (line: string) => void;
}

export function createLogger(options: LoggerOptions, destination?: DestinationStream): Logger {
  const { service, level = 'info', also } = options;
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
  const output = destination ?? pino.destination({ dest: STDOUT, sync: true });
  if (!also) return pino(settings, output);
  return pino(settings, {
    write: (line) => {
      output.write(line);
      also(line);
    },
  });
}

/** An address with its password hidden, for log lines. */
export function withoutPassword(url: string): string {
  return url.replace(/(\/\/[^:/@]*:)[^@]*@/, '$1***@');
}

/** A line without this process's own secrets, those of API keys, and passwords in addresses. */
export const withoutSecrets = (line: string): string =>
  withoutKnownSecrets(line)
    .replaceAll(/(onegin_[a-z0-9]{8,24}_)[A-Za-z0-9_-]{20,}/g, '$1***')
    .replaceAll(/(:\/\/[^:/@\s"]{0,200}:)[^@/\s"]{1,500}@/g, '$1***@');
