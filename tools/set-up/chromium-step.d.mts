export function findChromium(): string | undefined;
export function prepareChromium(
  log: (line: string) => void,
): Promise<{ detail: string; value: string | undefined }>;
