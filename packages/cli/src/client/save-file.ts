import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CliError } from '../cli-error.ts';

/** The name that the gateway gives the file; a folder in it would be none of its business. */
export function fileNameOf(response: Response, otherwise: string): string {
  const [, name] = /filename="?([^";]+)"?/.exec(response.headers.get('content-disposition') ?? '') ?? [];
  return basename(name ?? otherwise);
}

/** The body of an answer as a file. @returns its size in bytes @throws CliError */
export async function saveFile({ body, headers }: Response, path: string): Promise<number> {
  const expected = headers.get('content-length');
  try {
    const source = body ? Readable.fromWeb(body as never) : Readable.from([]);
    return await writeWhole(source, path, expected === null ? undefined : Number(expected));
  } catch (error) {
    throw new CliError(`cannot save ${path}: ${(error as Error).message}`);
  }
}

/** Writes beside the file and renames, so that a file of this name is always whole. @returns its size in bytes */
export async function writeWhole(
  source: NodeJS.ReadableStream,
  path: string,
  expected?: number,
): Promise<number> {
  const unfinished = `${path}.part`;
  try {
    const file = createWriteStream(unfinished);
    await pipeline(source, file);
    const bytes = file.bytesWritten;
    if (expected !== undefined && bytes !== expected)
      throw new Error(`expected ${expected} bytes, received ${bytes}`);
    await rename(unfinished, path);
    return bytes;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
