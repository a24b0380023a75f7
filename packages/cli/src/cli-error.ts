/** Ends a command with words for people and an exit status. */
export class CliError extends Error {
  readonly exitStatus: number;

  constructor(message: string, exitStatus = 1) {
    super(message);
    this.name = 'CliError';
    this.exitStatus = exitStatus;
  }
}
