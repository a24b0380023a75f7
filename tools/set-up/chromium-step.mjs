import { ensureSystemPackage, findCommand } from '../system-packages.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where the browser lies that the tests of the web UI look through. */
export const findChromium = () => NAMES.map(findCommand).find(Boolean);

/**
 * Without a browser everything else can still be tested; the tests that need it fail and say so.
 * @returns {Promise<{ detail: string, value: string | undefined }>} the path of the program
 */
export async function prepareChromium(log) {
  const found = findChromium();
  if (found) return { detail: found, value: found };
  const result = await ensureSystemPackage({
    command: 'chromium',
    aptName: 'chromium',
    brewName: 'chromium',
    log,
  });
  return { detail: result.detail, value: result.path };
}
