import type { Command } from 'commander';
import type { DatasetListing } from '@onegin/contracts';
import { clientOf, print, withCommonOptions, type CliContext, type CommonOptions } from '../context.ts';
import { table } from '../progress/text.ts';

/** `onegin datasets` */
export function addDatasets(program: Command, context: CliContext): void {
  const command = program.command('datasets').description('list the datasets that a job can use');
  withCommonOptions(command).action(async (options: CommonOptions) => {
    const answer = await clientOf(options, context).get<{ datasets: DatasetListing[] }>('/api/datasets');
    const rows = answer.datasets.map(({ name, kind, classes, sizes, ready, synthetic, description }) => [
      name,
      synthetic ? `${kind}, synthetic` : kind,
      String(classes.length),
      String(sizes.train + sizes.validation + sizes.test),
      ready ? 'ready' : 'to be fetched',
      description,
    ]);
    print(
      context,
      options,
      answer,
      table(['dataset', 'kind', 'classes', 'samples', 'state', 'description'], rows),
    );
  });
}
