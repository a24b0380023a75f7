/**
 * What of the chart is made from something else:
 *
 *   helm/onegin/values.schema.json   from the comments in values.yaml
 *   the table in docs/kubernetes.md  from the same comments
 *   helm/onegin/files/               rules and dashboards from monitoring/
 *   k8s/*.yaml                       rendered with the values in k8s/*.values.yaml (needs helm)
 *
 *   npm run chart             writes them
 *   npm run chart -- --check  ends with status 1 and names what is not up to date
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { installHelm } from './install-helm.mjs';
import { render } from './chart/helm.ts';
import { parseValues } from './chart/values-comments.ts';
import { schemaOf } from './chart/values-schema.ts';
import { tableOf } from './chart/values-table.ts';
import { projectRoot } from './project-root.mjs';

const at = (...path: string[]): string => join(projectRoot, ...path);
const DOC = at('docs', 'kubernetes.md');
const MARKS = ['<!-- values: begin -->', '<!-- values: end -->'] as const;

/** The files that should be there, by path. */
export async function chartFiles(): Promise<Map<string, string>> {
  return new Map([...partsOfTheChart(), ...(await renderedFiles())]);
}

function partsOfTheChart(): Map<string, string> {
  const files = new Map<string, string>();
  const values = parseValues(readFileSync(at('helm', 'onegin', 'values.yaml'), 'utf8'));
  files.set(at('helm', 'onegin', 'values.schema.json'), `${JSON.stringify(schemaOf(values), null, 2)}\n`);
  files.set(DOC, withTable(readFileSync(DOC, 'utf8'), tableOf(values)));
  for (const [path, text] of monitoringFiles()) files.set(path, text);
  return files;
}

async function renderedFiles(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const { helm } = await installHelm();
  for (const name of readdirSync(at('k8s')).filter((file) => file.endsWith('.values.yaml')))
    files.set(at('k8s', name.replace('.values.yaml', '.yaml')), manifests(helm, name));
  return files;
}

function withTable(document: string, table: string): string {
  const [begin, end] = MARKS.map((mark) => document.indexOf(mark));
  if (begin === undefined || end === undefined || begin < 0 || end < begin)
    throw new Error(`${DOC}: expected ${MARKS.join(' … ')}`);
  return `${document.slice(0, begin)}${MARKS[0]}\n\n${table}\n\n${document.slice(end)}`;
}

/** Rules (`groups:` at the top) and dashboards, as the chart takes them in. */
function monitoringFiles(): [string, string][] {
  const folder = at('monitoring');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name): [string, string][] => {
    const kind = /\.json$/.test(name) ? 'dashboards' : /\.ya?ml$/.test(name) ? 'rules' : undefined;
    if (!kind) return [];
    const text = readFileSync(join(folder, name), 'utf8');
    if (kind === 'rules' && !/^groups:/m.test(text)) return [];
    // Files with the tests of rules name rule files beside their groups.
    if (kind === 'rules' && /^(rule_files|tests):/m.test(text)) return [];
    const file = basename(name).replace(/\.yml$/, '.yaml');
    return [[at('helm', 'onegin', 'files', kind, file), text]];
  });
}

function manifests(helm: string, valuesFile: string): string {
  const head = `# Rendered from helm/onegin with k8s/${valuesFile} by tools/write-chart-files.ts; do not edit.\n`;
  const text = render(helm, {
    values: [at('k8s', valuesFile)],
    release: 'onegin',
    namespace: 'onegin',
    more: ['--no-hooks'],
  });
  return head + text;
}

if (import.meta.main) {
  const check = process.argv.includes('--check');
  // The manifests are rendered from what is written first.
  for (const made of [partsOfTheChart, renderedFiles]) {
    for (const [path, text] of await made()) {
      if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
      console.log(`${check ? 'not up to date' : 'written'}: ${relative(projectRoot, path)}`);
      if (check) process.exitCode = 1;
      else {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
      }
    }
  }
  if (process.exitCode === 1) console.log('write them with: npm run chart');
}
