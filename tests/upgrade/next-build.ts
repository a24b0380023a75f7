/**
 * A build of the version after this one: a copy of the services and packages with one more optional field, one more
 * event, and the next number. Where a patch no longer fits, the copy can't be made and the test fails.
 */
import { cp, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WIRE_VERSION } from '@onegin/contracts';

const root = path.join(import.meta.dirname, '../..');
export const NEXT_VERSION = WIRE_VERSION + 1;

/** File → what is replaced by what. */
const patches: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'packages/contracts/src/wire.ts': [
    [`export const WIRE_VERSION = ${WIRE_VERSION};`, `export const WIRE_VERSION = ${NEXT_VERSION};`],
  ],
  'packages/contracts/src/log/study-event.ts': [
    [
      '  samplesPerSecond: z.number().min(0),',
      '  samplesPerSecond: z.number().min(0),\n  mood: z.string().optional(),',
    ],
    [
      '  /** trainer: the rung is reached',
      '  TrainingNoted: wireObject({ ...training, note: z.string() }),\n  /** trainer: the rung is reached',
    ],
    ['StudyEventType, number>>> = {};', `StudyEventType, number>>> = { TrainingNoted: ${NEXT_VERSION} };`],
  ],
  'packages/contracts/src/log/transitions.ts': [
    ['  TrainingPaused: {', "  TrainingNoted: { from: ['running'], to: 'running' },\n  TrainingPaused: {"],
  ],
  'packages/contracts/src/queue/trial-job.ts': [
    ['  untilEpoch: z.int().min(1),', '  untilEpoch: z.int().min(1),\n  hint: z.string().optional(),'],
  ],
  'packages/study/src/trial-job-of.ts': [
    [
      '    untilEpoch: training.untilEpoch,',
      "    untilEpoch: training.untilEpoch,\n    hint: 'from the next version',",
    ],
  ],
  'services/trainer/src/training-attempt.ts': [
    [
      '    if (summary.epoch <= this.#epochsLogged)',
      "    summary.mood = 'good';\n" +
        "    await this.#tools.append({ type: 'TrainingNoted', target: this.#job.target, note: 'a note' });\n" +
        '    if (summary.epoch <= this.#epochsLogged)',
    ],
  ],
};

/** @returns the folder; the caller removes it */
export async function makeNextBuild(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'onegin-next-'));
  const isSource = (from: string): boolean => !/node_modules|\.spec\.ts$/.test(from);
  for (const part of ['packages', 'services'])
    await cp(path.join(root, part), path.join(folder, part), { recursive: true, filter: isSource });
  await cp(path.join(root, 'package.json'), path.join(folder, 'package.json'));
  await linkPackages(folder);
  for (const [file, changes] of Object.entries(patches)) await patch(path.join(folder, file), changes);
  return folder;
}

/** Its own workspaces, and the installed packages of this checkout. */
async function linkPackages(folder: string): Promise<void> {
  const modules = path.join(folder, 'node_modules');
  await mkdir(path.join(modules, '@onegin'), { recursive: true });
  for (const name of await readdir(path.join(root, 'node_modules')))
    if (name !== '@onegin' && name !== 'onegin')
      await symlink(path.join(root, 'node_modules', name), path.join(modules, name));
  for (const part of ['packages', 'services'])
    for (const name of await readdir(path.join(folder, part))) {
      const own = path.join(root, part, name, 'node_modules');
      await symlink(own, path.join(folder, part, name, 'node_modules'));
      const isCommand = part === 'packages' && name === 'cli';
      await symlink(
        path.join(folder, part, name),
        path.join(modules, isCommand ? 'onegin' : `@onegin/${name}`),
      );
    }
}

async function patch(file: string, changes: readonly (readonly [string, string])[]): Promise<void> {
  let text = await readFile(file, 'utf8');
  for (const [from, to] of changes) {
    if (text.split(from).length !== 2)
      throw new Error(
        `${file}: expected ${JSON.stringify(from)} once, found it ${text.split(from).length - 1} times`,
      );
    text = text.replace(from, () => to);
  }
  await writeFile(file, text);
}
