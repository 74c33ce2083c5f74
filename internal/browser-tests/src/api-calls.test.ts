import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { type ApiCall, apiCalls } from './api-calls.ts'
import { callFaults } from './call-faults.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const page = join(root, 'packages/console/src/app/main.tsx')
const description = join(root, 'apps/demo-server/src/api/api-types.ts')

describe('the requests of the page', () => {
  it('are those of the API: paths, methods, parameters, what is sent and what is read', () => {
    const { calls, faults } = compared()

    expect(calls.length).toBeGreaterThan(60)
    expect(faults).toEqual([])
  })

  it('are seen to differ when the API calls something otherwise', () => {
    const { faults } = compared([
      ['sameValue: boolean', 'isSame: boolean'],
      ['dryRun?: boolean', 'isTrial?: boolean'],
      ['cachedUntil?:', 'keptUntil?:'],
      ['"/api/keys/rotation/pause"', '"/api/keys/rotation/stop"'],
      ['outcome?: ', 'result?: '],
    ])

    expect(faults.map(fault => fault.replace(/:\d+:/, ':'))).toEqual(
      expect.arrayContaining([
        'views/audit.tsx: get audit: there is no parameter "outcome"',
        'views/clear-cache.tsx: post caches/*/invalidate: body.dryRun is not read',
        'views/keys.tsx: post keys/rotation/pause: is not in the API',
        'views/secret-detail.tsx: get secrets/*/explain: answer.shadowed[].sameValue is not written',
        'views/secrets.tsx: get secrets: answer.secrets[].cachedUntil is not written',
      ]),
    )
  })
})

/** Reads the page beside the types of the API, which may be written otherwise for a while. */
function compared(changes: readonly (readonly [from: string, to: string])[] = []): {
  readonly calls: readonly ApiCall[]
  readonly faults: readonly string[]
} {
  const options = optionsOf(join(root, 'packages/console/tsconfig.json'))
  const host = ts.createCompilerHost(options)
  const readFile = host.readFile.bind(host)
  host.readFile = name =>
    name === description
      ? changes.reduce((text, [from, to]) => text.replaceAll(from, to), readFileSync(name, 'utf8'))
      : readFile(name)
  const program = ts.createProgram([page, description], options, host)
  const checker = program.getTypeChecker()
  const calls = apiCalls(program, dirname(page))
  return { calls, faults: calls.flatMap(call => callFaults(checker, pathsOf(program), call)) }
}

function optionsOf(config: string): ts.CompilerOptions {
  const { config: read } = ts.readConfigFile(config, name => readFileSync(name, 'utf8')) as { readonly config: unknown }
  const { options } = ts.parseJsonConfigFileContent(read, ts.sys, dirname(config))
  return { ...options, noEmit: true, composite: false, incremental: false }
}

function pathsOf(program: ts.Program): ts.Type {
  const checker = program.getTypeChecker()
  const file = program.getSourceFile(description)
  const symbol = file && checker.getSymbolAtLocation(file)
  const paths = symbol && checker.getExportsOfModule(symbol).find(({ name }) => name === 'paths')
  if (paths === undefined) throw new Error('The types of the API have no paths.')
  return checker.getDeclaredTypeOfSymbol(paths)
}
