import type { Command } from 'commander';
import { fileNameOf, saveFile } from '../client/save-file.ts';
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
    const path = options.out ?? fileNameOf(response, `${jobId}.keras`);
    const bytes = await saveFile(response, path);
    print(context, options, { jobId, path, bytes }, `${path} (${(bytes / 1e6).toFixed(2)} MB)`);
  });
}
