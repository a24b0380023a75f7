#!/usr/bin/env node
// Plain JavaScript, because it may start under a Node that does not run TypeScript: then it runs itself again
// under the Node that this installation brings.
import { spawn } from 'node:child_process';
import nodeModule, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const NEEDED = 24;
const running = Number(process.versions.node.split('.')[0]);

if (running >= NEEDED) {
  // The second start finds its modules compiled.
  nodeModule.enableCompileCache?.();
  await import('../src/main.ts');
} else {
  const node = installedNode();
  if (node === null) {
    console.error(
      `onegin needs Node ${NEEDED} or newer, and runs under ${process.versions.node}.\n` +
        'Install it (https://nodejs.org), or run `npm install` in the folder of Onegin, which brings its own.',
    );
    process.exitCode = 1;
  } else {
    const child = spawn(node, [import.meta.filename ?? process.argv[1], ...process.argv.slice(2)], {
      stdio: 'inherit',
    });
    // A Ctrl-C reaches the child by itself; this process only waits for what the child makes of it.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
      process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
    process.exitCode = await new Promise((resolve) => {
      child.once('error', (error) => {
        console.error(`cannot run ${node}: ${error.message}`);
        resolve(1);
      });
      child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
    });
  }
}

function installedNode() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'));
    return join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  } catch {
    return null;
  }
}
