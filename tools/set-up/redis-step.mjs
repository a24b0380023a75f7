import { ensureSystemPackage, findCommand, runProgram } from '../system-packages.mjs';
import { SetUpError } from './step.mjs';

/** Oldest that the queues support. */
const OLDEST = [6, 2];

/**
 * redis-server, or valkey-server in its place.
 * @returns {Promise<{ detail: string, value: string }>} the path of the program
 * @throws SetUpError with the command to type when there is none
 */
export async function prepareRedis(log) {
  let path = findCommand('redis-server') ?? findCommand('valkey-server');
  if (!path) {
    const result = await ensureSystemPackage({
      command: 'redis-server',
      aptName: 'redis-server',
      brewName: 'redis',
      log,
    });
    if (!result.available) throw new SetUpError(result.detail);
    path = result.path;
  }
  const { output } = await runProgram(path, ['--version'], { timeoutMs: 30_000 });
  const version = /v=(\d+)\.(\d+)\.(\d+)/.exec(output)?.slice(1).map(Number);
  if (!version) throw new SetUpError(`${path} does not run: ${output.trim()}`);
  const isOld = version[0] < OLDEST[0] || (version[0] === OLDEST[0] && version[1] < OLDEST[1]);
  if (isOld)
    throw new SetUpError(`Redis ${OLDEST.join('.')} or later is needed; ${path} is ${version.join('.')}.`);
  return { detail: `${path} ${version.join('.')}`, value: path };
}
