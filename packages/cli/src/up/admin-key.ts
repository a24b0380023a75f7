/**
 * The first key of one machine's Onegin, where keys are asked for: a secret of its own in the data folder, which only
 * its owner can read, unless the environment names another.
 */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isLoopback } from '@onegin/contracts';

const SECRET_BYTES = 32;
const FOR_OWNER_ONLY = 0o600;

/**
 * The file with the key; null where no key is asked for, or where the environment has one.
 * @param env as the gateway will read it
 */
export async function adminKeyFile(
  directory: string,
  host: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  const asksForKeys = env.AUTH === 'keys' || (env.AUTH !== 'off' && !isLoopback(host));
  if (!asksForKeys || env.ONEGIN_ADMIN_KEY || env.ONEGIN_ADMIN_KEY_FILE) return null;
  const path = join(directory, 'admin.key');
  try {
    // `wx`: one that is there stays.
    const key = `${randomBytes(SECRET_BYTES).toString('base64url')}\n`;
    await writeFile(path, key, { flag: 'wx', mode: FOR_OWNER_ONLY });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return path;
}
