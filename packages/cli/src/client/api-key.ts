/** The key that a command is sent with. Never from the command line, where other users of the machine can see it. */
import { readFileSync } from 'node:fs';
import { CliError } from '../cli-error.ts';

export interface KeySources {
  /** `--key-file` */
  readonly file?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * `--key-file`, then ONEGIN_API_KEY, then ONEGIN_API_KEY_FILE; null: none is needed, or the gateway will say so.
 * @throws CliError for a file that cannot be read
 */
export function apiKeyOf({ file, environment }: KeySources): string | null {
  if (file !== undefined) return keyInFile(file);
  const given = environment['ONEGIN_API_KEY']?.trim();
  if (given) return given;
  const named = environment['ONEGIN_API_KEY_FILE'];
  return named ? keyInFile(named) : null;
}

function keyInFile(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new CliError(`cannot read the key in ${path}: ${(error as Error).message}`);
  }
  if (/^\S+$/.test(text)) return text;
  throw new CliError(`expected one key and nothing else in ${path}`);
}
