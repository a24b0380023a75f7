/** Texts with labels: a CSV with the columns `text` and `label`, or one JSON object per line with these fields. */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { OneginError } from '@onegin/contracts';
import { invalidData } from '../dataset-error.ts';

export interface LabelledText {
  text: string;
  label: string;
}

const LONGEST_ROW = 1024 * 1024;

/** @throws OneginError naming the row when a field is missing or the file can't be read as what its name says */
export async function* readLabelledTexts(path: string, signal?: AbortSignal): AsyncGenerator<LabelledText> {
  const rows = path.endsWith('.csv') ? csvRows(path, signal) : jsonRows(path, signal);
  let row = 0;
  for await (const { text, label } of rows) {
    row++;
    const named = typeof label === 'string' || typeof label === 'number' || typeof label === 'boolean';
    if (typeof text !== 'string' || !named || label === '')
      throw invalidData(`lacks a field in row ${row}`, {
        file: basename(path),
        expected: 'text and label',
        found: `text ${typeof text}, label ${label === '' ? 'empty' : typeof label}`,
      });
    yield { text, label: String(label) };
  }
}

type Row = Record<string, unknown>;

async function* csvRows(path: string, signal?: AbortSignal): AsyncGenerator<Row> {
  const parser = parse({ columns: true, bom: true, skip_empty_lines: true, max_record_size: LONGEST_ROW });
  const source = createReadStream(path, { signal });
  source.on('error', (error) => parser.destroy(error));
  try {
    yield* source.pipe(parser) as AsyncIterable<Row>;
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw unreadable(path, 'rows of comma-separated values', cause);
  } finally {
    source.destroy();
  }
}

async function* jsonRows(path: string, signal?: AbortSignal): AsyncGenerator<Row> {
  const source = Readable.from(linesBounded(path, signal));
  let line = 0;
  for await (const text of createInterface({ input: source, crlfDelay: Infinity })) {
    line++;
    if (!text.trim()) continue;
    let row: unknown;
    try {
      row = JSON.parse(text);
    } catch (cause) {
      throw unreadable(path, `a JSON object in line ${line}`, cause);
    }
    yield typeof row === 'object' && row !== null ? (row as Row) : {};
  }
}

/** A line is put together in memory, so that a file without ends of lines would fill it. */
async function* linesBounded(path: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
  let unended = 0;
  for await (const chunk of createReadStream(path, { signal }) as AsyncIterable<Buffer>) {
    const end = chunk.lastIndexOf(0x0a);
    unended = end < 0 ? unended + chunk.length : chunk.length - end - 1;
    if (unended > LONGEST_ROW)
      throw invalidData('holds a line that no text needs', {
        file: basename(path),
        expected: `at most ${LONGEST_ROW} bytes`,
        found: 'more',
      });
    yield chunk;
  }
}

const unreadable = (path: string, expected: string, cause: unknown): OneginError =>
  invalidData('cannot be read', { file: basename(path), expected, cause });
