/** Every block of README.md, CONTRIBUTING.md and docs is run or checked here, or stands in not-run.ts with the reason. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { problemSchema, sessionSchema } from '@onegin/contracts';
import { scalePage } from '../../services/orchestrator/src/scale-page.ts';
import { messageFaults } from '../../tools/check-commits.ts';
import { projectRoot } from '../../tools/project-root.mjs';
import { blocksIn, documentedBlocks, type CodeBlock } from './code-blocks.ts';
import { notRun } from './not-run.ts';
import { removePrograms, runProgram, runWatcher } from './programs.ts';
import { RunningStudy } from './running-study.ts';

let study: RunningStudy;
beforeAll(async () => void (study = await RunningStudy.start()), 180_000);
afterAll(async () => {
  await study.stop();
  removePrograms();
});

type Runner = (text: string, page: string, heading: string) => unknown;

const runners: Readonly<Record<string, Runner>> = {
  sh: (text) => study.shell(text),
  ts: (text, page) => runProgram(page, study.adapt(text), study.folder),
  js: (text) => runWatcher(study.adapt(text), study.jobId),
  yaml: (text) => expect(valuesFaults(parse(text))).toEqual([]),
  json: async (text, page, heading) => {
    const check = answers[`${page}:${heading}`];
    if (!check) throw new Error(`expected a check of the answer under ${page}:${heading}`);
    await check(JSON.parse(text));
  },
  text: (text, _page, heading) =>
    heading === 'Commits' ? expect(messageFaults(text)).toEqual([]) : checkTree(text),
};

/** What the JSON of a page is an example of. */
const answers: Readonly<Record<string, (answer: unknown) => unknown>> = {
  'docs/http-api.md:Who may call': (answer) => sessionSchema.parse(answer),
  'docs/http-api.md:Problems': (answer) => problemSchema.parse(answer),
  'docs/kubernetes.md:How trainers come and go': async (answer) => {
    const page = await scalePage(new URLSearchParams(), () => Promise.resolve({ cpu: 0, gpu: 8, plots: 1 }));
    expect(answer).toEqual(JSON.parse(page.body));
  },
};

function valuesFaults(values: unknown): unknown[] {
  const schema = JSON.parse(
    readFileSync(join(projectRoot, 'helm/onegin/values.schema.json'), 'utf8'),
  ) as object;
  const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
  return validate(values) ? [] : (validate.errors ?? []);
}

/** A list of places, each at the start of its line: all are there, and no package is left out. */
function checkTree(text: string): void {
  const places = text.split('\n').map((line) => line.split(/\s/)[0]!);
  const packages = readdirSync(join(projectRoot, 'packages')).map((name) => `packages/${name}`);
  expect(places.filter((place) => !existsSync(join(projectRoot, place.replace(/\*$/, ''))))).toEqual([]);
  expect(places).toEqual(expect.arrayContaining(packages));
}

const blocks = documentedBlocks();
const run = blocks.filter(({ name }) => !(name in notRun));

describe('the blocks of the documents', () => {
  it('are found with their headings', () => {
    const page = '# A\n\ntext\n\n## B\n\n```sh\n\n# c\nd\n```\n\n  ```\n  e\n  ```\n';
    expect(blocksIn('a.md', page)).toEqual([
      { name: 'a.md:B:# c', language: 'sh', text: '\n# c\nd' },
      { name: 'a.md:B:e', language: '', text: '  e' },
    ]);
    expect(() => blocksIn('a.md', '```sh\nd\n')).toThrow('not closed');
  });

  it('have a runner, or are listed with the reason why not', () => {
    expect(run.filter(({ language }) => !(language in runners)).map(({ name }) => name)).toEqual([]);
  });

  it('are there where the list names them', () => {
    const names = blocks.map(({ name }) => name);
    expect(Object.keys(notRun).filter((name) => !names.includes(name))).toEqual([]);
  });

  it.each(run.filter(({ language }) => language in runners))(
    '$name',
    async ({ name, language, text }: CodeBlock) => {
      const [page = '', heading = ''] = name.split(':');
      await runners[language]!(text, page, heading);
    },
    150_000,
  );
});
