/** Which functions of a file a spec runs: so that a mutant is judged by the specs that reach it. */
import ts from 'typescript';

/** The set that a file with probes adds to; `probing-environment.cjs` puts it into a spec's globals. */
export const PROBES = '__reachedFunctions';

const bodyOf = (node: ts.Node): ts.Node | undefined =>
  ts.isFunctionLike(node) && 'body' in node ? (node.body as ts.Node | undefined) : undefined;

/** What reaching the innermost function around a place is called; the file itself for what runs when it is loaded. */
export function probeAt(file: string, text: string, place: number): string {
  let probe = file;
  const visit = (node: ts.Node): void => {
    const body = bodyOf(node);
    if (body && body.getStart() <= place && place < body.end) probe = `${file}#${body.getStart()}`;
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true));
  return probe;
}

/** The file's text, saying of every function that it was reached. */
export function withProbes(file: string, text: string): string {
  const insertions: [at: number, text: string][] = [[0, reached(file) + ';']];
  const visit = (node: ts.Node): void => {
    const body = bodyOf(node);
    if (body) {
      const at = body.getStart();
      const call = reached(`${file}#${at}`);
      if (ts.isBlock(body)) insertions.push([at + 1, call + ';']);
      else insertions.push([at, `(${call}, (`], [body.end, '))']);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true));
  let probed = text;
  for (const [at, insertion] of insertions.sort(([a], [b]) => b - a))
    probed = probed.slice(0, at) + insertion + probed.slice(at);
  return probed;
}

const reached = (probe: string): string => `globalThis.${PROBES}?.add(${JSON.stringify(probe)})`;
