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

/**
 * Writes beside the file and renames, so that a file of this name is always whole.
 * @returns its size in bytes
 * @throws CliError
 */
export async function saveFile(response: Response, path: string): Promise<number> {
  const unfinished = `${path}.part`;
  const expected = Number(response.headers.get('content-length') ?? Number.NaN);
  try {
    const file = createWriteStream(unfinished);
    if (response.body) await pipeline(Readable.fromWeb(response.body as never), file);
    else file.end();
    const bytes = file.bytesWritten;
    if (Number.isFinite(expected) && bytes !== expected)
      throw new Error(`expected ${expected} bytes, received ${bytes}`);
    await rename(unfinished, path);
    return bytes;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw new CliError(`cannot save ${path}: ${(error as Error).message}`);
  }
}
