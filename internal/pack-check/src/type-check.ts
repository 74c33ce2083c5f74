import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'

/** With or without the types of Node: some consumers have only those of the web platform. */
export type Platform = 'node' | 'web'

/** What the compiler says about some files of a project. */
export interface TypeCheck {
  /** One line each, empty when all is well. */
  readonly faults: readonly string[]
  /** Names of the values that a file's imports of the form `import * as …` would find at run time. */
  exportedValues(specifier: string): readonly string[]
}

const parsed = new Map<string, ts.SourceFile | undefined>()

/** Type-checks files of a project as a strict consumer does, declarations of its packages included. */
export function typeCheck(root: string, files: readonly string[], platform: Platform): TypeCheck {
  const options = compilerOptions(platform)
  const host = ts.createCompilerHost(options)
  const read = host.getSourceFile.bind(host)
  host.getCurrentDirectory = () => root
  host.getSourceFile = (file, ...rest) => {
    // The libraries are the same for every program of a run, and take most of its time.
    const key = file.startsWith(root) ? undefined : file
    if (key === undefined) return read(file, ...rest)
    if (!parsed.has(key)) parsed.set(key, read(file, ...rest))
    return parsed.get(key)
  }
  const program = ts.createProgram({ rootNames: files.map(file => join(root, file)), options, host })
  return {
    faults: diagnostics(program, root).map(diagnostic => describe(root, diagnostic)),
    exportedValues: specifier => exportedValues(program, specifier),
  }
}

/** Of everything that the project holds; the standard library and @types/node are the compiler's own business. */
function diagnostics(program: ts.Program, root: string): readonly ts.Diagnostic[] {
  const own = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(root))
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...own.flatMap(file => program.getSyntacticDiagnostics(file)),
    ...own.flatMap(file => program.getSemanticDiagnostics(file)),
  ]
}

function compilerOptions(platform: Platform): ts.CompilerOptions {
  return {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    lib: platform === 'web' ? ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.asynciterable.d.ts'] : ['lib.es2023.d.ts'],
    types: platform === 'web' ? [] : ['node'],
    typeRoots: [typeRoot()],
    noEmit: true,
    strict: true,
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    // As Node asks for; no tarball holds a source that a declaration could name so.
    allowImportingTsExtensions: true,
  }
}

/** The consumer installs @types/node itself; here it is the workspace's. */
function typeRoot(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'node_modules/@types/node'))) {
    if (dirname(folder) === folder) throw new Error('@types/node is not installed')
    folder = dirname(folder)
  }
  return join(folder, 'node_modules/@types')
}

function exportedValues(program: ts.Program, specifier: string): readonly string[] {
  const checker = program.getTypeChecker()
  const names = program
    .getSourceFiles()
    .flatMap(file => file.statements)
    .filter(ts.isImportDeclaration)
    .filter(({ moduleSpecifier }) => ts.isStringLiteral(moduleSpecifier) && moduleSpecifier.text === specifier)
    .slice(0, 1)
    .map(({ moduleSpecifier }) => checker.getSymbolAtLocation(moduleSpecifier))
    .flatMap(symbol => (symbol ? checker.getExportsOfModule(symbol) : []))
    .filter(symbol => isValue(checker, symbol))
    .map(({ name }) => name)
  return names.toSorted()
}

function isValue(checker: ts.TypeChecker, symbol: ts.Symbol): boolean {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  const typeOnly = symbol.declarations?.some(ts.isTypeOnlyExportDeclaration) ?? false
  return !typeOnly && (target.flags & ts.SymbolFlags.Value) !== 0
}

function describe(root: string, { file, start, messageText, code }: ts.Diagnostic): string {
  const message = `TS${code} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  if (file === undefined || start === undefined) return message
  const { line } = file.getLineAndCharacterOfPosition(start)
  return `${relative(root, file.fileName)}:${line + 1} ${message}`
}
