import ts from 'typescript'

/** A request that the page makes, as its types tell. */
export interface ApiCall {
  /** File and line. */
  readonly where: string
  readonly method: string
  /** Below `/api/`; `*` stands for a part that is known only when it is sent. */
  readonly path: string
  /** Names of the parameters after `?`. */
  readonly query: readonly string[]
  /** The body. */
  readonly sent?: ts.Type | undefined
  /** What the page takes the answer for. */
  readonly read?: ts.Type | undefined
  /** The member of the answer that holds `read`, item by item. */
  readonly member?: string | undefined
}

/** A call whose arguments are not looked at yet. */
interface Found {
  readonly node: ts.Node
  readonly path: ts.Expression
  readonly options?: ts.Expression | undefined
  readonly read?: ts.Type | undefined
  readonly member?: string | undefined
}

/** Hands on what it is given; its callers are read in its place. */
const plumbing = ['api/request.ts', 'api/use-resource.ts', 'api/use-pages.ts', 'parts/conflict.tsx']

/** What asks the API: the first argument is a path, or what is sent to the one of the conflict. */
const callers = ['request', 'useResource', 'useConflict', 'usePages', 'conflict.save']

/** How a list is asked for its next part. */
const pageQuery = ['limit', 'cursor']

/** Every request that the sources of the page make. */
export function apiCalls(program: ts.Program, folder: string): readonly ApiCall[] {
  const files = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(folder) && !plumbing.some(name => fileName.endsWith(name)))
  return files.flatMap(file => nodesOf(file).flatMap(node => callsAt(program.getTypeChecker(), node)))
}

function nodesOf(node: ts.Node): readonly ts.Node[] {
  const below: ts.Node[] = []
  ts.forEachChild(node, child => void below.push(...nodesOf(child)))
  return [node, ...below]
}

function callsAt(checker: ts.TypeChecker, node: ts.Node): readonly ApiCall[] {
  return [...foundAt(checker, node)].flatMap(found => {
    const options = found.options && checker.getTypeAtLocation(found.options)
    const sent = options && typeOfMember(checker, options, 'json')
    const isSent = sent !== undefined || (options && options.getProperty('upload') !== undefined)
    const stated = options && typeOfMember(checker, options, 'method')
    const isFile = options?.getProperty('isFile') !== undefined
    const method = stated?.isStringLiteral() ? stated.value : isSent ? 'POST' : 'GET'
    return patternsOf(checker, found.path).map(pattern => {
      const [path = '', query = ''] = pattern.split('?')
      return {
        where: placeOf(node),
        method: method.toLowerCase(),
        path,
        query: [
          ...query.split('&').flatMap(part => part.split('=')[0] || []),
          ...(found.member === undefined ? [] : pageQuery),
        ],
        sent,
        read: isFile ? undefined : found.read,
        member: found.member,
      }
    })
  })
}

function* foundAt(checker: ts.TypeChecker, node: ts.Node): Generator<Found> {
  if (ts.isCallExpression(node)) yield* foundInCall(checker, node)
  if (ts.isJsxSelfClosingElement(node) && node.tagName.getText() === 'Tile') yield tile(checker, node)
  // Addresses that the browser itself asks.
  if (ts.isTemplateExpression(node) && /^`\$\{settings\.base\}api\/\w/.test(node.getText())) yield { node, path: node }
}

function foundInCall(checker: ts.TypeChecker, node: ts.CallExpression): readonly Found[] {
  const [path, second] = node.arguments
  const name = node.expression.getText()
  if (path === undefined || !callers.includes(name)) return []
  if (name === 'conflict.save') return [{ node, path: pathOfConflict(checker, node), options: path }]
  const read = typeArgumentOf(checker, node)
  // What has a type of its own as a parameter is read where that is known.
  if (read?.isTypeParameter()) return []
  if (name === 'usePages') return [{ node, path, read, member: second && literalOf(second) }]
  return [{ node, path, read, options: name === 'request' ? second : undefined }]
}

function typeArgumentOf(checker: ts.TypeChecker, { typeArguments }: ts.CallExpression): ts.Type | undefined {
  const shape = typeArguments?.[0]
  return shape && checker.getTypeAtLocation(shape)
}

function literalOf(node: ts.Expression): string {
  if (!ts.isStringLiteral(node)) throw new Error(`${placeOf(node)}: the member of a list is not written out`)
  return node.text
}

/** The path of `useConflict(path)`, which the conflict was made by. */
function pathOfConflict(checker: ts.TypeChecker, { expression }: ts.CallExpression): ts.Expression {
  const conflict = ts.isPropertyAccessExpression(expression) && checker.getSymbolAtLocation(expression.expression)
  const declaration = conflict ? conflict.valueDeclaration : undefined
  const made = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined
  const path = made && ts.isCallExpression(made) ? made.arguments[0] : undefined
  if (path === undefined) throw new Error(`${placeOf(expression)}: no \`useConflict(path)\` is seen here`)
  return path
}

/** A tile of the overview reads what its judge is told. */
function tile(checker: ts.TypeChecker, node: ts.JsxSelfClosingElement): Found {
  const [path, judge] = [valueOf(node, 'path'), valueOf(node, 'judge')]
  const [signature] = judge ? checker.getTypeAtLocation(judge).getCallSignatures() : []
  const [told] = signature?.parameters ?? []
  if (path === undefined || told === undefined) throw new Error(`${placeOf(node)}: a tile without a path or a judge`)
  return { node, path, read: checker.getTypeOfSymbolAtLocation(told, node) }
}

function valueOf(node: ts.JsxSelfClosingElement, name: string): ts.Expression | undefined {
  const attribute = node.attributes.properties.find(property => property.name?.getText() === name)
  const value = attribute !== undefined && ts.isJsxAttribute(attribute) ? attribute.initializer : undefined
  if (value === undefined) return undefined
  return ts.isStringLiteral(value) ? value : ts.isJsxExpression(value) ? value.expression : undefined
}

function typeOfMember(checker: ts.TypeChecker, type: ts.Type, name: string): ts.Type | undefined {
  const members = (type.isUnion() ? type.types : [type]).map(one => one.getProperty(name))
  const member = members.find(one => one !== undefined)
  const found = member && checker.getNonNullableType(checker.getTypeOfSymbol(member))
  return found === undefined || found.flags & (ts.TypeFlags.Never | ts.TypeFlags.Unknown) ? undefined : found
}

/** What an expression may be, with `*` for what its type leaves open. */
function patternsOf(checker: ts.TypeChecker, node: ts.Expression): readonly string[] {
  if (ts.isConditionalExpression(node)) {
    return [node.whenTrue, node.whenFalse].flatMap(part => patternsOf(checker, part))
  }
  if (ts.isStringLiteral(node)) return [node.text]
  if (!ts.isTemplateExpression(node)) return patternsOfType(checker.getTypeAtLocation(node))
  return node.templateSpans.reduce<readonly string[]>(
    (before, { expression, literal }) =>
      // The page may be mounted anywhere.
      (expression.getText() === 'settings.base' ? [''] : patternsOf(checker, expression)).flatMap(part =>
        before.map(text => `${text}${part}${literal.text}`.replace(/^api\//, '')),
      ),
    [node.head.text],
  )
}

function patternsOfType(type: ts.Type): readonly string[] {
  if (type.isUnion()) return type.types.flatMap(one => patternsOfType(one))
  if (type.isStringLiteral()) return [type.value]
  if (type.flags & ts.TypeFlags.TemplateLiteral) {
    // The flag says which type it is.
    const { texts, types } = type as ts.TemplateLiteralType
    return types.reduce<readonly string[]>(
      (before, one, index) =>
        patternsOfType(one).flatMap(part => before.map(text => `${text}${part}${texts[index + 1] ?? ''}`)),
      [texts[0] ?? ''],
    )
  }
  if (type.flags & ts.TypeFlags.Undefined) return []
  return ['*']
}

function placeOf(node: ts.Node): string {
  const file = node.getSourceFile()
  const name = file.fileName.slice(file.fileName.lastIndexOf('/src/app/') + '/src/app/'.length)
  return `${name}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`
}
