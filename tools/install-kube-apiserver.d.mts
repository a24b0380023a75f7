export declare function installKubeApiserver(options?: { log?: (line: string) => void }): Promise<string>;
