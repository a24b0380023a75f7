// Whether native TensorFlow runs here. Loading it takes a second, so what was found out is kept.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installTensorflow } from '../install-tensorflow.mjs';
import { addonOf, findPackage } from '../tensorflow/binding-files.mjs';

/** Where it could not be installed, that is tried again after this time: the network may be another one. */
const TRY_AGAIN_MS = 24 * 3_600_000;

const noteFile = (root) => join(root, 'node_modules', '.cache', 'onegin-tensorflow.json');

function readNote(root) {
  try {
    return JSON.parse(readFileSync(noteFile(root), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Changes when the binding, its package or the Node that loads it does. */
function stateOf(root, node) {
  const tfjsNode = findPackage(root);
  if (!tfjsNode) return 'no package';
  const addon = addonOf(tfjsNode);
  const info = existsSync(addon) ? statSync(addon) : undefined;
  const nodeInfo = statSync(node);
  return [tfjsNode.manifest.version, info?.size, info?.mtimeMs, nodeInfo.size, nodeInfo.mtimeMs].join(' ');
}

/** @returns {Promise<{ detail: string, value: 'native' | 'wasm' }>} the engine that trains */
export async function prepareTensorflow(root, node, log) {
  const note = readNote(root);
  const isFresh = note?.engine === 'native' || Date.now() - (note?.at ?? 0) < TRY_AGAIN_MS;
  if (note && isFresh && note.state === stateOf(root, node))
    return { detail: note.detail, value: note.engine };
  const { engine, detail } = await installTensorflow({ root, log });
  mkdirSync(dirname(noteFile(root)), { recursive: true });
  writeFileSync(
    noteFile(root),
    JSON.stringify({ engine, detail, at: Date.now(), state: stateOf(root, node) }),
  );
  return { detail, value: engine };
}
