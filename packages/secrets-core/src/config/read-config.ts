import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { parseJson } from '../contract/json-document.ts'
import { SecretError } from '../contract/secret-error.ts'
import { ConfigError } from './config-error.ts'

/** What the file says, as yet unchecked. */
export async function readConfig(path: string): Promise<unknown> {
  return path.endsWith('.json') ? readJson(path) : readModule(path)
}

function readJson(path: string): unknown {
  const text = textOf(path)
  try {
    const config: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return config
  } catch {
    throw new ConfigError('config_malformed', path, { message: `It ${whatIsWrong(text)}` })
  }
}

/** Read at once: it is small, and `node:fs/promises` takes longer to load than the file does. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError('config_missing', path, { message: `It cannot be read (${codeOf(error) ?? 'unknown'}).` })
  }
}

/** Line and column; Node's own message quotes the text. */
function whatIsWrong(text: string): string {
  try {
    parseJson(text, { subject: 'It' })
  } catch (error) {
    if (SecretError.isInstance(error)) return error.message.replace(/^It /, '')
  }
  return 'is not JSON.'
}

async function readModule(path: string): Promise<unknown> {
  const url = pathToFileURL(path).href
  const loaded: unknown = await import(/* @vite-ignore */ url).catch((error: unknown) => {
    throw unloadable(path, error)
  })
  // A module namespace is an object of its exports.
  const { default: config } = loaded as { readonly default?: unknown }
  if (config === undefined) {
    throw new ConfigError('config_invalid', path, {
      message: 'It has no default export.',
      hint: `Write: export default defineConfig({ … }), from '@st/secrets-core/config'.`,
    })
  }
  return config
}

const hints: Readonly<Record<string, string>> = {
  ERR_UNKNOWN_FILE_EXTENSION: 'Node loads .ts files from 22.18 on, unless started with --no-strip-types.',
  ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX:
    'Node strips types and compiles nothing: no enum, namespace or parameter property.',
  ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING: 'Node loads no .ts files from node_modules.',
  ERR_MODULE_NOT_FOUND: 'A module that it imports is not installed; paths of its own files need their endings.',
}

/** Told by class, code and line, never by its message: what a module throws may hold anything. */
function unloadable(path: string, error: unknown): ConfigError {
  if (!(error instanceof Error)) return new ConfigError('config_malformed', path, { message: 'It fails when loaded.' })
  const code = codeOf(error)
  const hint = code === undefined ? undefined : hints[code]
  const what = code === undefined ? error.constructor.name : `${error.constructor.name}, ${code}`
  return new ConfigError('config_malformed', path, {
    message: `It fails when loaded (${what})${lineIn(path, error)}.`,
    ...(hint === undefined ? {} : { hint }),
  })
}

/** Where in the file the stack says that it happened. */
function lineIn(path: string, { stack = '' }: Error): string {
  const behind = [pathToFileURL(path).href, path].map(name => stack.split(`${name}:`)[1] ?? '')
  const line = behind.map(rest => /^\d+/.exec(rest)?.[0]).find(number => number !== undefined)
  return line === undefined ? '' : `: line ${line}`
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
