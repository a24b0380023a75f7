/** `onegin jobs export` and `import`: an ended study as one file, from and into the artifact store of this machine. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { createArtifactStore, exportStudy, importStudy, type ArtifactStore } from '@onegin/artifacts';
import { writeWhole } from '../client/save-file.ts';
import { print, type CliContext } from '../context.ts';

interface StoreOptions {
  readonly data: string;
  readonly json?: boolean;
}

export function addStudyFiles(jobs: Command, context: CliContext): void {
  const withStore = (command: Command): Command =>
    command
      .option(
        '--data <dir>',
        'folder of `onegin up`; or name the store by ARTIFACTS_DIR or S3_ENDPOINT, as for services',
        './data',
      )
      .option('--json', 'for programs: JSON');

  withStore(
    jobs
      .command('export')
      .description('save an ended job, with all its files, as one file')
      .argument('<job>', 'its id'),
  )
    .option('--out <file>', 'where to; by default under the name of the run, in this folder')
    .action(async (jobId: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<StoreOptions & { out?: string }>();
      const { stream, runName } = await exportStudy(await openStore(options, context), jobId);
      const path = options.out ?? `${runName}.tar`;
      const bytes = await writeWhole(stream, path);
      print(context, options, { jobId, path, bytes }, `${path} (${(bytes / 1e6).toFixed(2)} MB)`);
    });

  withStore(
    jobs
      .command('import')
      .description('take in a job that was exported')
      .argument('<file>', 'the exported file'),
  ).action(async (path: string, _: unknown, command: Command) => {
    const options = command.optsWithGlobals<StoreOptions>();
    const { jobId, runName } = await importStudy(await openStore(options, context), path);
    print(context, options, { jobId, runName }, `Job ${jobId} is imported.`);
  });
}

async function openStore({ data }: StoreOptions, { environment }: CliContext): Promise<ArtifactStore> {
  // Only here: the other commands need none of what services are made of.
  const { artifactSettings, artifactStoreConfig, loadConfig } = await import('@onegin/service-kit');
  const directory = environment['ARTIFACTS_DIR'] || join(data, 'artifacts');
  const config = loadConfig(artifactSettings, { ...environment, ARTIFACTS_DIR: directory });
  return createArtifactStore(artifactStoreConfig(config));
}
