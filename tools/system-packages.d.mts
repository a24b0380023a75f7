export declare function findCommand(command: string): string | undefined;
