// Builds a program from its Go module into one file. Sources and intermediate files weigh gigabytes: they go into
// folders of their own and are removed.
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { runProgram } from './system-packages.mjs';

/**
 * @param {string} go its command
 * @param {{ module: string, target: string, ldflags?: string, timeoutMs: number }} what
 *   `module` with its version, `example.org/program@v1.2.3`; `target`, where the program is put under its own name
 * @throws Error saying why it could not be built; nothing is left then
 */
export async function goInstall(go, { module, target, ldflags = '-s -w', timeoutMs }) {
  const work = `${target}-build-${process.pid}`;
  try {
    await mkdir(work, { recursive: true });
    const env = {
      ...process.env,
      CGO_ENABLED: '0',
      GOBIN: join(work, 'bin'),
      GOPATH: join(work, 'path'),
      GOCACHE: join(work, 'cache'),
      GOMODCACHE: join(work, 'modules'),
      GOFLAGS: '-modcacherw -trimpath -buildvcs=false',
    };
    const args = ['install', `-ldflags=${ldflags}`, module];
    const result = await runProgram(go, args, { cwd: work, env, timeoutMs });
    if (result.timedOut) throw new Error(`go install was not finished after ${timeoutMs / 60_000} minutes`);
    if (!result.ok)
      throw new Error(`go install failed: ${result.output.trim().split('\n').slice(-3).join(' ')}`);
    const built = join(work, 'bin', basename(target));
    await chmod(built, 0o755);
    await mkdir(dirname(target), { recursive: true });
    await rename(built, target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
