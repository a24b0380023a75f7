export declare function installEtcd(options?: { log?: (line: string) => void }): Promise<string>;
