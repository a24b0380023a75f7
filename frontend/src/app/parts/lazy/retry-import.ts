const AGAIN_MS = 2000;

/** Fetches a part of the program, again and again while Onegin is unreachable. */
export async function retryImport<Part>(fetchPart: () => Promise<Part>): Promise<Part> {
  for (;;) {
    try {
      return await fetchPart();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}
