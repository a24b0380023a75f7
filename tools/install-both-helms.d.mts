export declare function majorOf(helm: string): number;
export declare function installBothHelms(options?: {
  log?: (line: string) => void;
}): Promise<{ 3: string; 4: string; kubectl: string }>;
