import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { arrows } from './dependency-direction.ts'
import { importSpecifiers } from './import-specifiers.ts'
import type { ImportSpecifier } from './import-specifiers.ts'
import type { Member, Repository } from './repository.ts'

/** Client libraries that cost tens of milliseconds and megabytes: loaded when the first secret is asked for. */
const lazyOnly = [
  '@aws-sdk/client-secrets-manager',
  '@aws-sdk/client-sts',
  '@aws-sdk/credential-providers',
  'node-vault',
]

/** The code that a package ships imports Node, its own files and what its row of the arrows allows, nothing else. */
export function sourceImports({ packages }: Repository): readonly string[] {
  return packages.flatMap(member => {
    const files = shippedSources(member)
    if (files.length === 0) return [`${member.folder}/src holds no source`]
    return files.flatMap(file =>
      importSpecifiers(file, readFileSync(file, 'utf8'))
        .map(found => importFault(member, file, found))
        .filter(fault => fault !== undefined)
        .map(fault => `${member.folder}/${relative(member.path, file)}: ${fault}`),
    )
  })
}

/** Without tests and what only tests use: recorded answers, fakes. */
function shippedSources({ path }: Member): readonly string[] {
  const source = join(path, 'src')
  if (!existsSync(source)) return []
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter(file => !file.split(sep).some(part => part.startsWith('__')))
    .map(file => join(source, file))
}

function importFault(member: Member, file: string, { specifier, kind }: ImportSpecifier): string | undefined {
  if (specifier.startsWith('node:')) return undefined
  if (specifier.startsWith('.')) {
    const target = relative(join(member.path, 'src'), join(dirname(file), specifier))
    return target.startsWith('..') ? `${specifier} leaves the package` : undefined
  }
  if (!arrows[member.manifest.name]?.includes(specifier)) return `must not import ${specifier}`
  if (lazyOnly.includes(specifier) && kind === 'static') return `${specifier} is loaded by import() only`
  return undefined
}
