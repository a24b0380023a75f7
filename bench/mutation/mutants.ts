/** Small faults for a source file: what a mistyped operator, a forgotten line or an off-by-one would make of it. */
import ts from 'typescript';

export interface Mutant {
  readonly file: string;
  /** Where the file's text gives way to `replacement`. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** The line with the fault marked: the same for as long as the line is. */
  readonly what: string;
}

const OPERATORS: Record<string, readonly string[]> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '**': ['*'],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
  '??=': ['='],
  '+=': ['-='],
  '-=': ['+='],
  '*=': ['/='],
};

const METHODS = new Map(
  Object.entries({
    some: 'every',
    every: 'some',
    min: 'max',
    max: 'min',
    floor: 'ceil',
    ceil: 'floor',
    find: 'findLast',
    findLast: 'find',
    push: 'unshift',
  }),
);
/** Without these calls their object is left as it was. */
const DROPPED = new Set(['filter', 'sort', 'toSorted', 'reverse', 'toReversed', 'slice']);

/** Every mutant of the file; texts, types, imports and examples stay as they are. */
export function mutantsOf(file: string, text: string): Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  const mutants: Mutant[] = [];
  const replace = (node: ts.Node, ...replacements: string[]): void => {
    const start = node.getStart(source);
    for (const replacement of replacements)
      mutants.push({
        file,
        start,
        end: node.end,
        replacement,
        what: marked(text, start, node.end, replacement),
      });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || isTypeDeclaration(node) || isExamples(node))
      return;
    mutate(node, replace);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return numbered(mutants);
}

/** Lines that are the same make the same mutants; each is to have a name of its own. */
function numbered(mutants: readonly Mutant[]): Mutant[] {
  const seen = new Map<string, number>();
  return mutants.map((mutant) => {
    const before = seen.get(mutant.what) ?? 0;
    seen.set(mutant.what, before + 1);
    return before === 0 ? mutant : { ...mutant, what: `${mutant.what} (${before + 1})` };
  });
}

const isTypeDeclaration = (node: ts.Node): boolean =>
  ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);

/** They are what documents and specs show. */
const isExamples = (node: ts.Node): boolean =>
  ts.isVariableDeclaration(node) && node.name.getText().endsWith('Examples');

type Replace = (node: ts.Node, ...replacements: string[]) => void;

function mutate(node: ts.Node, replace: Replace): void {
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.getText();
    if (!(operator === '+' && (isText(node.left) || isText(node.right))))
      replace(node.operatorToken, ...(OPERATORS[operator] ?? []));
  } else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    replace(node, node.operand.getText());
  } else if (ts.isNumericLiteral(node) && !isName(node)) {
    const value = Number(node.text);
    replace(node, String(value + 1), `(${value - 1})`);
  } else if (node.kind === ts.SyntaxKind.TrueKeyword) replace(node, 'false');
  else if (node.kind === ts.SyntaxKind.FalseKeyword) replace(node, 'true');
  else if (ts.isIfStatement(node)) replace(node.expression, 'true', 'false');
  else if (ts.isConditionalExpression(node)) replace(node.condition, 'true', 'false');
  else if (ts.isWhileStatement(node)) replace(node.expression, 'false');
  else if (ts.isForStatement(node) && node.condition) replace(node.condition, 'false');
  else if (ts.isReturnStatement(node) && node.expression) replace(node.expression, 'undefined');
  else if (isRemovable(node)) replace(node, ';');
  else if (ts.isCallExpression(node)) mutateCall(node, replace);
}

function mutateCall({ expression }: ts.CallExpression, replace: Replace): void {
  if (!ts.isPropertyAccessExpression(expression)) return;
  const { name, parent } = expression;
  const other = METHODS.get(name.text);
  if (other) replace(name, other);
  if (DROPPED.has(name.text)) replace(parent, expression.expression.getText());
}

/** A call of `super` must stay: without it nothing of the class works. */
const isRemovable = (node: ts.Node): boolean =>
  (ts.isExpressionStatement(node) && !node.getText().startsWith('super(')) ||
  ts.isThrowStatement(node) ||
  ts.isContinueStatement(node);

const isText = (node: ts.Node): boolean => ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
const isName = ({ parent }: ts.Node): boolean =>
  ts.isPropertyAssignment(parent) && ts.isNumericLiteral(parent.name);

function marked(text: string, start: number, end: number, replacement: string): string {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', end);
  const parts = [text.slice(lineStart, start), text.slice(start, end), replacement, text.slice(end, lineEnd)];
  const [before, original, changed, after] = parts.map((part) => part.replace(/\s+/g, ' '));
  return `${before}⟦${original} → ${changed}⟧${after}`.trim();
}
