import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installDebianPackages } from './debian-packages.ts'
import { run } from './run.ts'

const cacheFolder = fileURLToPath(new URL('../../../node_modules/.cache/st-peers/', import.meta.url))

/** A Python environment of its own in the repository's cache folder. */
export class PythonEnvironment {
  /** Its interpreter. */
  readonly python: string
  readonly #folder: string
  readonly #marker: string

  /**
   * @param name - Name of its folder; changes with what is in it.
   * @param parent - Where that folder is. Default: below the root's node_modules.
   */
  constructor(name: string, parent: string = cacheFolder) {
    this.#folder = join(parent, name)
    this.#marker = join(this.#folder, 'complete')
    this.python = join(this.#folder, 'bin', 'python')
  }

  /** Whether it was made to the end; one that was interrupted is not. */
  isComplete(): boolean {
    return existsSync(this.#marker) && existsSync(this.python)
  }

  /** Makes it anew with these packages. On Debian also installs what Python lacks for that. */
  async install(packages: readonly string[]): Promise<void> {
    // Debian ships Python without what makes environments.
    const makesEnvironments = await run('python3', ['-c', 'import venv, ensurepip']).then(
      () => true,
      () => false,
    )
    if (!makesEnvironments) await installDebianPackages(['python3', 'python3-venv'])
    await this.#make(packages)
  }

  async #make(packages: readonly string[]): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
    await run('python3', ['-m', 'venv', this.#folder])
    await run(this.python, ['-m', 'pip', 'install', '--quiet', '--no-compile', ...packages])
    await writeFile(this.#marker, `${packages.join('\n')}\n`)
  }
}
