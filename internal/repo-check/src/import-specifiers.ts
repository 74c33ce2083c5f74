import ts from 'typescript'

/** One `import`, `export … from`, `import()` or `import type` of a source file. */
export interface ImportSpecifier {
  readonly specifier: string
  /** `type` leaves nothing behind at run time; `lazy` is `import()`, loaded when the code gets there. */
  readonly kind: 'static' | 'lazy' | 'type'
}

/** Every module that a source file names. */
export function importSpecifiers(file: string, text: string): readonly ImportSpecifier[] {
  const found: ImportSpecifier[] = []
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node)
    if (specifier) found.push(specifier)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest))
  return found
}

function specifierOf(node: ts.Node): ImportSpecifier | undefined {
  if (ts.isImportDeclaration(node)) return literal(node.moduleSpecifier, isTypeOnly(node) ? 'type' : 'static')
  if (ts.isExportDeclaration(node)) return literal(node.moduleSpecifier, node.isTypeOnly ? 'type' : 'static')
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return literal(node.argument.literal, 'type')
  return ts.isCallExpression(node) ? loadedBy(node) : undefined
}

/** `import { type A }` keeps the import; only `import type` is left out of the JavaScript. */
function isTypeOnly({ importClause }: ts.ImportDeclaration): boolean {
  return importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
}

/** `import()`, and `require` as made by createRequire, under its usual name. */
function loadedBy({ expression, arguments: [specifier] }: ts.CallExpression): ImportSpecifier | undefined {
  if (expression.kind === ts.SyntaxKind.ImportKeyword) return literal(specifier, 'lazy')
  return ts.isIdentifier(expression) && expression.text === 'require' ? literal(specifier, 'static') : undefined
}

function literal(node: ts.Node | undefined, kind: ImportSpecifier['kind']): ImportSpecifier | undefined {
  return node && ts.isStringLiteralLike(node) ? { specifier: node.text, kind } : undefined
}
