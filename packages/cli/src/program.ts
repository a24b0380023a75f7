/** The command line as a whole. */
import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { addDatasets } from './commands/datasets.ts';
import { addDownload } from './commands/download.ts';
import { addJobCommands } from './commands/job-commands.ts';
import { addKeys } from './commands/keys.ts';
import { addLogs } from './commands/logs.ts';
import { addOptimize } from './commands/optimize.ts';
import { addTensorboard } from './commands/tensorboard.ts';
import { addUp } from './commands/up.ts';
import type { CliContext } from './context.ts';

export function makeProgram(context: CliContext): Command {
  const program = new Command('onegin')
    .description('Onegin: finds good, healthy neural networks, and shows why they are good.')
    .version(packageJson.version)
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      '\nFirst: onegin up, then: onegin optimize --dataset mnist-10k --trials 6 --epochs 3',
    );
  addUp(program, context);
  addOptimize(program, context);
  addJobCommands(program, context);
  addLogs(program, context);
  addDownload(program, context);
  addTensorboard(program, context);
  addDatasets(program, context);
  addKeys(program, context);
  return program;
}
