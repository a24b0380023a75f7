#!/usr/bin/env node
// Makes a fresh clone ready to run, or to be tested with --for-tests: npm's packages, the pinned Node,
// redis-server, the native TensorFlow binding with this project's kernels, the built web UI, and MinIO and Chromium
// for tests. What is there already is left alone, so a
// second run takes a moment. Plain JavaScript: it runs on any Node >= 20, before anything is installed.
import { buildKernels } from './build-kernels.mjs';
import { installMinio } from './install-minio.mjs';
import { installPrometheus } from './install-prometheus.mjs';
import { installHelm } from './install-helm.mjs';
import { invokedDirectly } from './invoked-directly.mjs';
import { projectRoot } from './project-root.mjs';
import { prepareChromium } from './set-up/chromium-step.mjs';
import { checkNode, installPackages, installPinnedNode } from './set-up/npm-packages.mjs';
import { prepareRedis } from './set-up/redis-step.mjs';
import { main, step } from './set-up/step.mjs';
import { prepareTensorflow } from './set-up/tensorflow-step.mjs';
import { buildWebUi } from './set-up/web-step.mjs';

/**
 * @param {{ root?: string, forTests?: boolean, withRedis?: boolean }} [options]
 *   `withRedis: false` where a Redis elsewhere is used.
 * @returns {Promise<{ node: string, engine: 'native' | 'wasm' }>} the pinned Node's path, and what trains
 * @throws SetUpError for what the user can do something about
 */
export async function setUp({ root = projectRoot, forTests = false, withRedis = true } = {}) {
  checkNode();
  await step('packages', (log) => installPackages(root, log));
  const node = await step('node', (log) => installPinnedNode(root, log));
  if (withRedis) await step('redis', (log) => prepareRedis(log));
  const engine = await step('tensorflow', (log) => prepareTensorflow(root, node, log));
  if (engine === 'native')
    await step('kernels', async (log) => {
      const { built, detail } = await buildKernels({ root, log });
      return { detail, value: built };
    });
  await step('web UI', (log) => buildWebUi(root, node, log));
  if (forTests)
    await step('minio', async (log) => {
      const server = await installMinio({ log });
      return { detail: server.detail, value: server };
    });
  if (forTests)
    await step('helm', async (log) => ({ detail: (await installHelm({ log })).helm, value: true }));
  if (forTests) await step('prometheus', (log) => installPrometheus({ log }));
  if (forTests) await step('chromium', (log) => prepareChromium(log));
  return { node, engine };
}

if (invokedDirectly(import.meta.url))
  await main(() => setUp({ forTests: process.argv.includes('--for-tests') }));
