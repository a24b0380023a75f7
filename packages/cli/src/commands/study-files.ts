/** `onegin jobs export` and `import`: an ended study as one file, from and into the artifact store of this machine. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { createArtifactStore, exportStudy, importStudy, type ArtifactStore } from '@onegin/artifacts';
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
      const { path, bytes } = await save(stream, options.out ?? `${runName}.tar`);
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

/** Writes beside the file and renames, so that a file of this name is always whole. */
async function save(stream: NodeJS.ReadableStream, path: string): Promise<{ path: string; bytes: number }> {
  const unfinished = `${path}.part`;
  try {
    const file = createWriteStream(unfinished);
    await pipeline(stream, file);
    await rename(unfinished, path);
    return { path, bytes: file.bytesWritten };
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
