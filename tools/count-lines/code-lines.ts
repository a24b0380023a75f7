/** Counts the lines of a source that hold code: neither blank nor comment alone. */
import ts from 'typescript';

const SLASHES = String.raw`"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\\n])*'|\/\/[^\n]*|\/\*[\s\S]*?\*\/`;

/** Matches strings and comments, so that neither is mistaken for the other; `isComment` tells them apart. */
const grammars: Record<string, { tokens: RegExp; isComment: RegExp }> = {
  html: { tokens: /<!--[\s\S]*?-->/g, isComment: /^/ },
  lua: {
    tokens: /"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|(?:--)?\[(=*)\[[\s\S]*?\]\1\]|--[^\n]*/g,
    isComment: /^--/,
  },
  // url(https://…) needs no quotes.
  scss: { tokens: new RegExp(String.raw`url\([^)]*\)|${SLASHES}`, 'g'), isComment: /^\/[/*]/ },
  // A quote between digits separates thousands: 1'000.
  cc: {
    tokens: new RegExp(String.raw`R"([^(\s]*)\([\s\S]*?\)\1"|\d'(?=\d)|${SLASHES}`, 'g'),
    isComment: /^\/[/*]/,
  },
};
const grammarOf: Record<string, string> = {
  html: 'html',
  lua: 'lua',
  scss: 'scss',
  css: 'scss',
  cc: 'cc',
  h: 'cc',
};

/** @param path tells the language, by its ending */
export function codeLines(path: string, text: string): number {
  const ending = path.slice(path.lastIndexOf('.') + 1);
  if (ending === 'ts') return typeScriptLines(path, text);
  const grammar = grammars[grammarOf[ending] ?? ''];
  if (grammar === undefined) throw new Error(`expected a source of a known language, found ${path}`);
  const code = text.replace(grammar.tokens, (token) =>
    grammar.isComment.test(token) ? token.replace(/[^\n]/g, ' ') : token,
  );
  return code.split('\n').filter((line) => line.trim() !== '').length;
}

/** Of TypeScript the lines that a token touches; only its parser knows a comment from a regular expression or template. */
function typeScriptLines(path: string, text: string): number {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lines = text.split('\n');
  const found = new Set<number>();
  const visit = (node: ts.Node): void => {
    if (node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode) return;
    const children = node.getChildren(source);
    if (children.length > 0) return children.forEach(visit);
    if (node.getWidth(source) === 0) return;
    const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
    const last = source.getLineAndCharacterOfPosition(node.getEnd()).line;
    for (let line = first; line <= last; line++) if (lines[line]!.trim() !== '') found.add(line);
  };
  visit(source);
  return found.size;
}
