/**
 * Builds every image and runs one study on them, from request to model, against a real Redis and a real S3 server:
 * read-only, without capabilities, as another user than root, on loopback only. Takes long, so it is no part of
 * `npm test`.
 *
 *   npm run test:images                       ends with status 0 and says SKIPPED where there is no engine
 *   npm run test:images -- --keep FOLDER      keeps engine data and built images there, for the next time
 *   npm run test:images -- --built            runs the study on the images of an earlier run
 *   npm run test:images -- --only NAME,NAME   builds these and runs no study
 */
import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../../tools/project-root.mjs';
import { baseImages } from './base-image.ts';
import { buildContext, buildImage, dockerfiles } from './build-images.ts';
import { check, counted } from './checks.ts';
import { Engine } from './engine.ts';
import { runStudy } from './run-study.ts';

/** Of the layers, the stages that they come from, and the fetched wheels. */
const NEEDED_GB = 20;

const { values } = parseArgs({
  options: { keep: { type: 'string' }, built: { type: 'boolean' }, only: { type: 'string' } },
});

function build(engine: Engine, folder: string): void {
  const base = baseImages(engine, projectRoot, folder);
  for (const note of base.notes) console.log(`note   ${note}`);
  const context = buildContext(projectRoot, folder);
  const names = dockerfiles(projectRoot).filter(
    (name) => !values.only || values.only.split(',').includes(name),
  );
  for (const name of names) buildImage(engine, name, base, context);
}

function freeGb(): number {
  const { bavail, bsize } = statfsSync(folder);
  return Math.floor((bavail * bsize) / 1e9);
}

const tooFull = (): string =>
  `building takes ${NEEDED_GB} GB and ${folder} has ${freeGb()} GB left; name another with --keep FOLDER`;

async function test(engine: Engine, folder: string): Promise<void> {
  if (!values.built) build(engine, folder);
  console.log('not tried: training on a GPU in onegin/trainer-gpu (its binding is loaded while it is built)');
  if (!values.only && counted().failed === 0) await runStudy(engine, { withTensorboard: true });
}

const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'onegin-images-'));
mkdirSync(folder, { recursive: true });
const engine = freeGb() < NEEDED_GB ? tooFull() : await Engine.find(folder);
if (typeof engine === 'string') {
  console.log(`SKIPPED: ${engine}`);
} else {
  console.log(`note   ${engine.description}`);
  try {
    await test(engine, folder);
  } catch (error) {
    check('the images', false, error instanceof Error ? error.message : String(error));
  } finally {
    await engine.stop();
  }
  const { passed, failed } = counted();
  console.log(`\n${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}
if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
