/** A Python with Keras 3 on TensorFlow, made once under `.cache/keras`, for benchmarks and cross-checks. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const root = new URL('../.cache/keras/', import.meta.url).pathname;
const VERSIONS = ['tensorflow-cpu==2.21.0', 'keras==3.15.1'];

/** Path of the interpreter, or why there is none. */
export function kerasPython(progress: (text: string) => void): { path: string } | { missing: string } {
  const path = `${root}bin/python`;
  const ready = `${root}.ready`;
  if (existsSync(ready)) return { path };
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: 'pipe' });
  try {
    progress('making a Python environment with Keras 3 under .cache/keras (once, about 700 MB)');
    run('python3', '-m', 'venv', root);
    run(path, '-m', 'pip', 'install', '--quiet', ...VERSIONS);
    run(path, '-c', `import keras; open(${JSON.stringify(ready)}, 'w').close()`);
    return { path };
  } catch (error) {
    const { stderr, message } = error as { stderr?: Buffer; message: string };
    const reason = stderr?.toString().trim().split('\n').at(-1) || message;
    return { missing: `Python with Keras is not available here (${reason})` };
  }
}
