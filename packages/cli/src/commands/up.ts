import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { addUpFlags, runUp, upEnvironment, type UpFlags } from '../up/index.ts';

/** `onegin up`: everything on this machine. */
export function addUp(program: Command, context: CliContext): void {
  addUpFlags(program.command('up').description('run Onegin on this machine until Ctrl-C')).action(
    async (flags: UpFlags) => context.exit(await runUp(flags, upEnvironment(context.environment))),
  );
}
