import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname } from 'node:path'
import { EnvironmentSecretProvider } from '@st/provider-env'
import { FileSecretProvider } from '@st/provider-file'
import { type SecretProvider, SecretsManager, type StandardChainConfig } from '@st/secrets-core'
import type { ChainCase, FileSpec, MemorySpec, Operation } from './chain-case.ts'

/** What an operation that shows nothing gives. */
export const nothing: unique symbol = Symbol('nothing')

/** The environment, files and manager of one case. */
export class ChainWorld implements AsyncDisposable {
  readonly manager: SecretsManager
  readonly #memories = new Map<string, MemoryProvider>()
  readonly #variables = new Set<string>()

  constructor(chainCase: ChainCase) {
    for (const [name, value] of Object.entries(chainCase.env ?? {})) this.#setVariable(name, value)
    for (const [path, spec] of Object.entries(chainCase.files ?? {})) makeFile(local(path), spec)
    this.manager = this.#makeManager(chainCase)
  }

  /** Does one operation; gives what it showed, in the words of the fixture. */
  async perform(operation: Operation): Promise<unknown> {
    const act = this.#actions[operation.op]
    if (act === undefined) throw new TypeError(`The fixture has an unknown operation "${operation.op}".`)
    return act(operation)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of this.#variables) delete process.env[name]
    await this.manager.close()
  }

  readonly #actions: Readonly<Record<string, (operation: Operation) => unknown>> = {
    get: async operation => (await this.#get(operation)) ?? null,
    set: async ({ key, value }) => this.manager.setSecret(text(key), text(value)).catch(() => 'refused'),
    delete: async ({ key }) => this.manager.deleteSecret(text(key)),
    setReplicateToken: async ({ value }) => this.manager.setReplicateToken(text(value)),
    tokens: async () => ({
      replicate: (await this.manager.getReplicateToken()) ?? null,
      hf: (await this.manager.getHfToken()) ?? null,
      webhook: (await this.manager.getWebhookSecret()) ?? null,
    }),
    clearCache: () => (this.manager.clearCache() > 0 ? null : 'nothing was kept'),
    reset: async () => SecretsManager.reset().then(() => 'allowed'),
    calls: ({ name }) => this.#memory(name).calls,
    available: () =>
      this.manager.providers
        .filter(provider => provider.isAvailable())
        .map(provider => [provider.constructor.name, true]),
    filePath: () => this.manager.getSecretsFilePath().replace(homedir(), '$HOME'),
    stat: ({ path }) => fileState(local(text(path))),
    setEnv: ({ key, value }) => this.#setVariable(text(key), text(value)),
    unsetEnv: ({ key }) => {
      delete process.env[text(key)]
      return nothing
    },
    writeFile: ({ path, content }) => {
      writeFileSync(local(text(path)), text(content))
      return nothing
    },
    setThrows: ({ name, value }) => {
      this.#memory(name).throws = value === null ? null : text(value)
      return nothing
    },
    setAvailable: ({ name, value }) => {
      this.#memory(name).available = value === true
      return nothing
    },
    mutateMemory: ({ name, key, value }) => {
      this.#memory(name).data[text(key)] = value
      return nothing
    },
    // What the original keeps inside, and remarks to the reader.
    providers: () => nothing,
    cacheContents: () => nothing,
    newManagerWithConfig: () => nothing,
    note: () => nothing,
  }

  #get(operation: Operation): Promise<string | undefined> {
    const key = text(operation.key)
    return operation.default === undefined ? this.manager.get(key) : this.manager.get(key, operation.default)
  }

  #memory(name: string | undefined): MemoryProvider {
    const memory = this.#memories.get(text(name))
    if (memory === undefined) throw new TypeError(`The case has no provider "${name}".`)
    return memory
  }

  #setVariable(name: string, value: string): typeof nothing {
    process.env[name] = value
    this.#variables.add(name)
    return nothing
  }

  #makeManager({ providers, config = {} }: ChainCase): SecretsManager {
    if (providers === undefined) return new SecretsManager({ config: configOf(config) })
    return new SecretsManager({
      providers: providers.map(spec => {
        if (spec.kind === 'env') return new EnvironmentSecretProvider()
        if (spec.kind === 'file') return new FileSecretProvider({ filePath: spec.path && local(spec.path) })
        const memory = new MemoryProvider(spec)
        this.#memories.set(spec.name, memory)
        return memory
      }),
    })
  }
}

class MemoryProvider implements SecretProvider {
  readonly name: string
  readonly data: Record<string, unknown>
  readonly calls: string[] = []
  throws: string | null
  available: boolean

  constructor(spec: MemorySpec) {
    this.name = spec.name
    this.data = { ...spec.data }
    this.throws = spec.throws ?? null
    this.available = spec.available ?? true
  }

  isAvailable(): boolean {
    return this.available
  }

  async getSecret(key: string): Promise<string | undefined> {
    this.calls.push(key)
    if (this.throws !== null) throw new Error(this.throws)
    const value = this.data[key]
    return typeof value === 'string' ? value : undefined
  }
}

/** Mode and parsed text, where there is a file: the original escapes more and ends without a newline. */
function fileState(path: string): unknown {
  if (!existsSync(path)) return { exists: false }
  const stats = statSync(path)
  if (stats.isDirectory()) return { exists: true, dir: true }
  return { exists: true, mode: `0o${(stats.mode & 0o777).toString(8)}`, json: parsed(readFileSync(path, 'utf8')) }
}

/** A `stat` of the fixture in the form that this world shows it. */
export function expectedFileState(result: unknown): unknown {
  // `stat` rows of the fixture have this shape.
  const { text: content, ...state } = result as { readonly text?: string }
  return content === undefined ? state : { ...state, json: parsed(content) }
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    return content
  }
}

function configOf(config: Readonly<Record<string, string>>): StandardChainConfig {
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [camelCase(name), local(value)]))
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function makeFile(path: string, spec: string | FileSpec): void {
  const file = typeof spec === 'string' ? { text: spec } : spec
  mkdirSync(file.dir ? path : dirname(path), { recursive: true })
  if (file.symlink !== undefined) symlinkSync(local(file.symlink), path)
  if (file.text !== undefined) writeFileSync(path, file.text, { mode: Number(file.mode ?? '0o644') })
}

function local(path: string): string {
  return path.replace('$HOME', homedir())
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
