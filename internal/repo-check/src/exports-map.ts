import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { isProgram, type Manifest, type Member, type Repository } from './repository.ts'

/**
 * What a package exports is what its tsup.config.ts builds, in both directions; the source condition comes first, and
 * the published map is the same one without it.
 */
export async function exportsMap({ packages }: Repository): Promise<readonly string[]> {
  const faults = await Promise.all(
    packages.map(async member => (await mapFaults(member)).map(fault => `${member.folder}/package.json: ${fault}`)),
  )
  return faults.flat()
}

async function mapFaults({ path, manifest }: Member): Promise<readonly string[]> {
  const entries = await builtEntries(path)
  if (entries === undefined) return ['no tsup.config.ts says what is built']
  if (isProgram(manifest)) return programFaults(manifest, entries)
  const inSource = expectedMap(entries, source => ({ '@st/source': `./${source}` }))
  const published = expectedMap(entries, () => ({}))
  return [
    ...(sameInOrder(manifest.exports, inSource) ? [] : [`"exports" is not ${JSON.stringify(inSource)}`]),
    ...(sameInOrder(manifest.publishConfig?.exports, published)
      ? []
      : [`"publishConfig.exports" is not ${JSON.stringify(published)}`]),
    ...(manifest['main'] === './dist/index.js' ? [] : ['"main" is not "./dist/index.js"']),
    ...(manifest['types'] === './dist/index.d.ts' ? [] : ['"types" is not "./dist/index.d.ts"']),
  ]
}

function programFaults(manifest: Manifest, entries: Readonly<Record<string, string>>): readonly string[] {
  const built = Object.keys(entries).map(name => `./dist/${name}.js`)
  return [
    ...(isDeepStrictEqual(Object.values(manifest.bin ?? {}), built) ? [] : [`"bin" is not ${JSON.stringify(built)}`]),
    ...(isDeepStrictEqual(manifest.exports, { './package.json': './package.json' })
      ? []
      : ['"exports" of a program has more than its package.json']),
    ...['main', 'types'].filter(field => field in manifest).map(field => `"${field}" is for what is imported`),
  ]
}

async function builtEntries(folder: string): Promise<Readonly<Record<string, string>> | undefined> {
  const file = join(folder, 'tsup.config.ts')
  if (!existsSync(file)) return undefined
  // Every tsup.config.ts exports what `library()` of tsup.base.ts returns, first if there is more.
  const config = (await import(pathToFileURL(file).href)) as { default: Build | readonly Build[] }
  return [config.default].flat()[0]?.entry
}

interface Build {
  readonly entry: Readonly<Record<string, string>>
}

function expectedMap(
  entries: Readonly<Record<string, string>>,
  condition: (source: string) => Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  const subpaths = Object.entries(entries).map(([name, source]) => [
    name === 'index' ? '.' : `./${name}`,
    // Neither `import` nor `require`: with `import` alone, CommonJS consumers could not load the package.
    { ...condition(source), types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
  ])
  return { ...Object.fromEntries(subpaths), './package.json': './package.json' }
}

/** Node takes the first condition that matches, so that the order of the keys counts. */
function sameInOrder(actual: unknown, expected: unknown): boolean {
  return isDeepStrictEqual(actual, expected) && JSON.stringify(actual) === JSON.stringify(expected)
}
