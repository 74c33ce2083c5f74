import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { appendFile, link, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command-context.ts'
import { type ConfigFormat, configTemplate } from '../config-template.ts'
import { exitCodes } from '../exit-codes.ts'
import type { GlobalFlags } from '../global-flags.ts'

/** Flags of `init`. */
export interface InitFlags extends GlobalFlags {
  readonly format: ConfigFormat
}

const formats: readonly ConfigFormat[] = ['ts', 'mjs', 'json']
const neverCommitted: readonly string[] = ['secrets.json', 'secrets.yaml', 'secrets.yml', '.env']

/** Writes a configuration file, never over one; and has git ignore files of secrets (requirement R33). */
export async function init(context: CommandContext, flags: InitFlags): Promise<void> {
  const output = context.output(flags)
  const taken = formats.map(format => pathOf(context.cwd, format)).find(path => existsSync(path))
  if (taken !== undefined) throw exists(taken)
  const path = pathOf(context.cwd, flags.format)
  await writeNew(path, configTemplate(flags.format))
  const ignored = await ignoreSecrets(context.cwd)
  if (output.isJson) await output.json({ path, ignored })
  await output.message(`Wrote ${path}.`)
  if (ignored.length > 0) await output.message(`Added to .gitignore: ${ignored.join(', ')}.`)
  await output.message(
    'Have git look for values before each commit: st-secrets scan --staged in .git/hooks/pre-commit.',
  )
}

function pathOf(folder: string, format: ConfigFormat): string {
  return join(folder, `st-secrets.config.${format}`)
}

/** The whole text or nothing, and nothing that is there already is touched: a link fails where a rename would replace. */
async function writeNew(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}`
  try {
    const file = await open(temporary, 'wx', 0o644)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await link(temporary, path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw exists(path)
    throw error
  } finally {
    await rm(temporary, { force: true })
  }
}

function exists(path: string): CliError {
  return new CliError(exitCodes.conflict, `${path} exists already and was left as it is.`)
}

/** Names that were added to `.gitignore` of this folder, where it is the root of a work tree. */
async function ignoreSecrets(folder: string): Promise<readonly string[]> {
  if (!existsSync(join(folder, '.git'))) return []
  const path = join(folder, '.gitignore')
  const text = existsSync(path) ? await readFile(path, 'utf8') : ''
  const lines = new Set(text.split(/\r?\n/).map(line => line.trim().replace(/^\//, '')))
  const lacking = neverCommitted.filter(name => !lines.has(name))
  const gap = text === '' || text.endsWith('\n') ? '' : '\n'
  if (lacking.length > 0) await appendFile(path, `${gap}${lacking.join('\n')}\n`)
  return lacking
}
