export declare function invokedDirectly(moduleUrl: string): boolean;
