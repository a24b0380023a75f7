/** Finds where a source reads the environment: `process.env`, `process['env']`, `const { env } = process`, `import { env }`. */
import ts from 'typescript';

export function environmentReads(path: string, text: string): number[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lines: number[] = [];
  const visit = (node: ts.Node): void => {
    if (reads(node)) lines.push(source.getLineAndCharacterOfPosition(node.getStart()).line + 1);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return lines;
}

function reads(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return node.name.text === 'env' && isProcess(node.expression);
  if (ts.isElementAccessExpression(node))
    return (
      isProcess(node.expression) &&
      ts.isStringLiteralLike(node.argumentExpression) &&
      node.argumentExpression.text === 'env'
    );
  if (ts.isVariableDeclaration(node))
    return (
      node.initializer !== undefined &&
      isProcess(node.initializer) &&
      ts.isObjectBindingPattern(node.name) &&
      node.name.elements.some((element) => (element.propertyName ?? element.name).getText() === 'env')
    );
  if (ts.isImportDeclaration(node))
    return (
      /^(node:)?process$/.test((node.moduleSpecifier as ts.StringLiteral).text) &&
      /\benv\b/.test(node.importClause?.namedBindings?.getText() ?? '')
    );
  return false;
}

const isProcess = (node: ts.Expression): boolean => /^(globalThis\.)?process$/.test(node.getText());
