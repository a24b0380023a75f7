/**
 * Writes monitoring/dashboard.json from tools/monitoring/dashboard.ts, and the table of metrics in docs/monitoring.md
 * from the code that makes them; `--check` only says whether they are up to date.
 *
 *   npm run monitoring [-- --check]
 */
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { dashboard } from './monitoring/dashboard.ts';
import { metricTable } from './monitoring/metric-catalogue.ts';

const BEGIN = '<!-- metrics: written by npm run monitoring -->';
const END = '<!-- end of metrics -->';

const at = (path: string): string => new URL(`../${path}`, import.meta.url).pathname;

async function pretty(path: string, text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}

async function docs(): Promise<string> {
  const text = await readFile(at('docs/monitoring.md'), 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error(`expected ${BEGIN} and ${END} in docs/monitoring.md`);
  return `${before}${BEGIN}\n\n${metricTable()}\n\n${END}${after}`;
}

const files = [
  { path: 'monitoring/dashboard.json', text: JSON.stringify(dashboard()) },
  { path: 'docs/monitoring.md', text: await docs() },
];
for (const { path, text } of files) {
  const wanted = await pretty(at(path), text);
  if (!process.argv.includes('--check')) await writeFile(at(path), wanted);
  else if ((await readFile(at(path), 'utf8').catch(() => '')) !== wanted) {
    console.error(`${path} is not what the code says: run \`npm run monitoring\``);
    process.exitCode = 1;
  }
}
