/** Ends a command with words for people, where no code of ours says what happened. */
export class CliError extends Error {
  override readonly name = 'CliError';
}
