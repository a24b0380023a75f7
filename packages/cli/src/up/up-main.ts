/** What `npm start` runs under the pinned Node, after the set-up. */
import { Command } from 'commander';
import { runUp } from './run-up.ts';
import { addUpFlags, upEnvironment, type UpFlags } from './config.ts';

const command = addUpFlags(new Command('npm start --')).description('Starts Onegin on this machine.');
command.parse();
process.exitCode = await runUp(command.opts<UpFlags>(), upEnvironment());
// A browser that was opened, or a parent's channel, must not keep this process.
process.exit();
