/** What every command works with. */
import type { Command } from 'commander';
import { DEFAULT_GATEWAY_URL } from '@onegin/contracts';
import { apiKeyOf } from './client/api-key.ts';
import { GatewayClient } from './client/gateway-client.ts';
import type { Output } from './progress/reporter.ts';

export interface CliContext extends Output {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** A command's exit status, where it is another than 0. */
  exit(status: number): void;
}

export interface CommonOptions {
  readonly json?: boolean;
  readonly url?: string;
  readonly keyFile?: string;
}

/** Options of every command that talks to a gateway. */
export const withCommonOptions = (command: Command): Command =>
  command
    .option('--json', 'for programs: JSON, or one JSON object a line for what goes on')
    .option('--url <address>', `where Onegin answers (also ONEGIN_URL; default: ${DEFAULT_GATEWAY_URL})`)
    .option('--key-file <file>', 'file with the API key (also ONEGIN_API_KEY, ONEGIN_API_KEY_FILE)');

/** @throws CliError for an address that is none, or a key that cannot be read */
export const clientOf = (
  { url, keyFile }: CommonOptions,
  { environment, stderr, interrupted }: CliContext,
): GatewayClient =>
  new GatewayClient(url ?? (environment['ONEGIN_URL'] || DEFAULT_GATEWAY_URL), {
    key: apiKeyOf({ file: keyFile, environment }),
    notice: (line) => void stderr.write(`${line}\n`),
    signal: interrupted,
  });

/** Prints the answer as it is for programs, as text for people. */
export function print(context: CliContext, { json }: CommonOptions, answer: unknown, text: string): void {
  context.stdout.write(json ? `${JSON.stringify(answer)}\n` : `${text}\n`);
}
