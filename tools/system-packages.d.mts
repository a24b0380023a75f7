export declare function findCommand(command: string): string | undefined;
export declare function installHint(aptName: string, brewName?: string): string;
export declare function ensureSystemPackage(wanted: {
  command: string;
  aptName: string;
  brewName?: string;
  log?: (line: string) => void;
}): Promise<{ available: boolean; path?: string; installed: boolean; detail: string }>;
