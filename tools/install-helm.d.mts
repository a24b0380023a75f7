export declare function findTool(name: 'helm' | 'kubectl'): string | undefined;
export declare function installHelm(options?: {
  log?: (line: string) => void;
}): Promise<{ helm: string; kubectl: string }>;
