// One line of output per step of the set-up: what is done, and how long it took.

const seconds = (startedAt) => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;

/** @param {string} line */
export const say = (line) => console.log(`set-up  ${line}`);

/** A failure of the set-up that the user can do something about; shown without a stack. */
export class SetUpError extends Error {}

/**
 * Runs one step.
 * @template T
 * @param {string} name
 * @param {(log: (line: string) => void) => Promise<{ detail: string, value: T }>} work
 * @returns {Promise<T>}
 */
export async function step(name, work) {
  const startedAt = performance.now();
  try {
    const { detail, value } = await work((line) => say(`${name}: ${line}`));
    say(`${name}: ${detail} (${seconds(startedAt)})`);
    return value;
  } catch (error) {
    say(`${name}: failed (${seconds(startedAt)})`);
    throw error;
  }
}

/** Runs a program of the set-up and shows how it ends. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof SetUpError ? `\n${error.message}\n` : error);
    process.exitCode = 1;
  }
}
