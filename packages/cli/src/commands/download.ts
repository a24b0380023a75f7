import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { clientOf, print, withCommonOptions, type CliContext, type CommonOptions } from '../context.ts';

/** `onegin download JOB`: the trained model as a .keras file. */
export function addDownload(program: Command, context: CliContext): void {
  const command = program
    .command('download')
    .description("save a job's final model as a .keras file")
    .argument('<job>', 'its id')
    .option('--out <file>', 'where to; by default under the name of the run, in this folder');
  withCommonOptions(command).action(async (jobId: string, options: CommonOptions & { out?: string }) => {
    const response = await clientOf(options, context).ask(`/api/download/${encodeURIComponent(jobId)}`);
    const path = options.out ?? nameOf(response, jobId);
    const bytes = await save(response, path);
    print(context, options, { jobId, path, bytes }, `${path} (${(bytes / 1e6).toFixed(2)} MB)`);
  });
}

/** The name that the gateway gives the file; a folder in it would be none of its business. */
function nameOf(response: Response, jobId: string): string {
  const [, name] = /filename="?([^";]+)"?/.exec(response.headers.get('content-disposition') ?? '') ?? [];
  return basename(name ?? `${jobId}.keras`);
}

/** Writes beside the file and renames, so that a file of this name is always whole. */
async function save(response: Response, path: string): Promise<number> {
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
