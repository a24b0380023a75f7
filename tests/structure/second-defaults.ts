/**
 * Finds places where a source gives a field a default of its own. Looked for, with `trials` as the field:
 *
 *   request.trials ?? 50          ({ trials = 50 }) => …           option('--trials <n>', 'help', Number, 50)
 *   flags.trials || 50            function f(trials = 50) {}       const defaults = { trials: 50 }
 *   trials: z.int().default(50)   trials: { default: 50 }          { name: 'trials', default: 50 }
 *
 * A default that is read from its owner (`requestDefaults.trials`) is no literal, so it is no finding.
 */
import ts from 'typescript';

export interface SecondDefault {
  field: string;
  line: number;
  text: string;
}

export function secondDefaults(path: string, text: string, fields: ReadonlySet<string>): SecondDefault[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: SecondDefault[] = [];
  const visit = (node: ts.Node): void => {
    const field = defaultedField(node);
    if (field !== undefined && fields.has(field))
      found.push({
        field,
        line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1,
        text: node.getText().split('\n')[0]!,
      });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The field that this node alone gives a literal default, if it does. */
function defaultedField(node: ts.Node): string | undefined {
  if (ts.isBinaryExpression(node)) return fallback(node);
  if (ts.isBindingElement(node) || ts.isParameter(node))
    return node.initializer && isLiteral(node.initializer) ? nameOf(bound(node)) : undefined;
  if (ts.isPropertyAssignment(node)) return assigned(node);
  if (ts.isObjectLiteralExpression(node)) return describedParameter(node);
  if (ts.isCallExpression(node)) return commandOption(node);
  return undefined;
}

const FALLBACKS = new Set([
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
]);

/** `x.trials ?? 50` */
function fallback({ left, operatorToken, right }: ts.BinaryExpression): string | undefined {
  return FALLBACKS.has(operatorToken.kind) && isLiteral(right) ? lastName(left) : undefined;
}

/** `{ trials = 50 }`, also when it is renamed: `{ trials: n = 50 }`. */
const bound = (node: ts.BindingElement | ts.ParameterDeclaration): ts.Node =>
  ts.isBindingElement(node) ? (node.propertyName ?? node.name) : node.name;

/** `trials: …default(50)`, `trials: { default: 50 }`, and `trials: 50` in an object that is called defaults. */
function assigned(node: ts.PropertyAssignment): string | undefined {
  const { initializer } = node;
  const name = nameOf(node.name);
  if (callsDefault(initializer)) return name;
  if (ts.isObjectLiteralExpression(initializer) && literalProperty(initializer, 'default')) return name;
  return isLiteral(initializer) && isInDefaults(node) ? name : undefined;
}

function callsDefault(node: ts.Expression): boolean {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const { name, expression } = node.expression;
  const sets = ['default', 'prefault', 'catch'].includes(name.text) && node.arguments.some(isLiteral);
  return sets || callsDefault(expression);
}

function isInDefaults(node: ts.Node): boolean {
  for (let outer: ts.Node = node.parent; outer; outer = outer.parent) {
    if (ts.isVariableDeclaration(outer) || ts.isPropertyAssignment(outer))
      return /default/i.test(outer.name.getText());
    if (!ts.isObjectLiteralExpression(outer) && !ts.isAsExpression(outer) && !ts.isSatisfiesExpression(outer))
      return false;
  }
  return false;
}

/** `{ name: 'trials', default: 50 }` */
function describedParameter(node: ts.ObjectLiteralExpression): string | undefined {
  const name = node.properties
    .filter(ts.isPropertyAssignment)
    .find((property) => nameOf(property.name) === 'name')?.initializer;
  return name && ts.isStringLiteralLike(name) && literalProperty(node, 'default') ? name.text : undefined;
}

/** `option('--use-gpu', 'help', true)`; also with a parser before the default. */
function commandOption({ expression, arguments: given }: ts.CallExpression): string | undefined {
  const callee = ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
  const flags = given[0];
  if (!/option$/i.test(callee) || !flags || !ts.isStringLiteralLike(flags)) return undefined;
  const name = /--(?:no-)?([a-z][a-z0-9-]*)/.exec(flags.text)?.[1];
  if (!name || !given.slice(2).some(isLiteral)) return undefined;
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

const literalProperty = (node: ts.ObjectLiteralExpression, name: string): boolean =>
  node.properties.some(
    (property) =>
      ts.isPropertyAssignment(property) && nameOf(property.name) === name && isLiteral(property.initializer),
  );

/** A value that is written down here: numbers, texts, booleans, and lists and objects of them. */
function isLiteral(node: ts.Node): boolean {
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node))
    return isLiteral(node.expression);
  if (ts.isPrefixUnaryExpression(node)) return isLiteral(node.operand);
  if (ts.isBinaryExpression(node)) return isLiteral(node.left) && isLiteral(node.right);
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isLiteral);
  if (ts.isObjectLiteralExpression(node))
    return node.properties.every((p) => ts.isPropertyAssignment(p) && isLiteral(p.initializer));
  return (
    ts.isNumericLiteral(node) ||
    ts.isStringLiteralLike(node) ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword
  );
}

/** `trials` of `a.b.trials`, `a?.trials`, `a['trials']` and `trials`. */
function lastName(node: ts.Expression): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isElementAccessExpression(node)) return nameOf(node.argumentExpression);
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node)) return lastName(node.expression);
  return nameOf(node);
}

const nameOf = (node: ts.Node): string | undefined =>
  ts.isIdentifier(node) || ts.isStringLiteralLike(node) ? node.text : undefined;
