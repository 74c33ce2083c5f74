import { readdirSync, readFileSync } from 'node:fs'

/** A file that browsers get, with its forms that are smaller to send. */
export interface AssetFile {
  readonly type: string
  readonly content: Buffer
  readonly br: Buffer
  readonly gzip: Buffer
  /** Made of its content, which its name holds too. */
  readonly etag: string
}

/** The files of the page by their names; nothing else of the disk can be asked for. */
export interface AssetFiles {
  readonly files: ReadonlyMap<string, AssetFile>
  readonly script: string
  readonly style: string
  /** The texts of the page in a language. */
  readonly words: Readonly<Record<'en' | 'zh', string>>
}

const folder = new URL('../dist/assets/', import.meta.url)

let known: AssetFiles | undefined

/**
 * Reads them once in the life of the process.
 *
 * @throws Error when the package was not built.
 */
export function assetFiles(): AssetFiles {
  known ??= readAll()
  return known
}

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
}

function readAll(): AssetFiles {
  const names = namesOfFiles()
  const files = new Map(names.map(name => [name, readOne(name)] as const))
  const named = (pattern: RegExp): string => {
    const name = names.find(found => pattern.test(found))
    if (name === undefined) throw notBuilt()
    return name
  }
  const words = { en: named(/^en-.*\.json$/), zh: named(/^zh-.*\.json$/) }
  return { files, script: named(/^console-.*\.js$/), style: named(/^style-.*\.css$/), words }
}

function namesOfFiles(): readonly string[] {
  try {
    return readdirSync(folder).filter(name => /-[0-9A-Z]{8}\.(js|css|json)$/.test(name))
  } catch {
    throw notBuilt()
  }
}

function readOne(name: string): AssetFile {
  const [hash, extension = ''] = name.split('-').at(-1)?.split('.') ?? []
  return {
    type: types[extension] ?? 'application/octet-stream',
    content: readFileSync(new URL(name, folder)),
    br: readFileSync(new URL(`${name}.br`, folder)),
    gzip: readFileSync(new URL(`${name}.gz`, folder)),
    etag: `"${hash}"`,
  }
}

function notBuilt(): Error {
  return new Error('The page of @st/console was not built: run its "build" script.')
}
