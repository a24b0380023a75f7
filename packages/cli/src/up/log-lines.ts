/** What the programs of a stack write, as lines with the program's name before them. */
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';

export type LogLine = (name: string, line: string) => void;

/** Passes a stream on line by line. */
export function eachLine(stream: Readable, take: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
    if (line.trim() !== '') take(line);
  });
}

/** Prints lines under each other, names aligned. */
export function linePrinter(write: (text: string) => void, width = 12): LogLine {
  return (name, line) => write(`${name.padEnd(width)} │ ${readable(line)}\n`);
}

/** The usual level goes without saying. */
const UNSAID = 'info';
/** Fields of a log record that say nothing new beside the name of the program. */
const OMITTED = new Set(['level', 'time', 'pid', 'hostname', 'service', 'msg', 'name', 'v']);

/** A log record in JSON becomes a sentence; any other line stays as it is. */
export function readable(line: string): string {
  const record = recordIn(line);
  if (!record) return line;
  const level = record.level === UNSAID ? '' : String(record.level ?? '');
  const fields = Object.entries(record)
    .filter(([key]) => !OMITTED.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : shown(value)}`);
  return [level && `${level}:`, String(record.msg), ...fields].filter(Boolean).join(' ');
}

function shown(value: unknown): string {
  // An error is worth its stack; everything else stays on one line.
  if (typeof value === 'object' && value !== null && 'stack' in value && typeof value.stack === 'string')
    return `\n${value.stack}`;
  return JSON.stringify(value);
}

function recordIn(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'msg' in value
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
